import { expect, test } from 'vitest';
import { SelfServiceConfig, ServeConfig, Urls } from '../config/index.js';
import { BadRequest, Forbidden, MissingRow, Unauthorized, Unavailable } from '../platform/errors/index.js';
import { restartOf } from './restart.js';

const urls = new Urls({ public: { base_url: 'https://id.example' } } as ServeConfig, new SelfServiceConfig());

test('an unknown flow starts again', () => {
  expect(restartOf(new MissingRow(), 'recovery', urls)).toBe('https://id.example/self-service/recovery/browser');
  expect(restartOf(new MissingRow(), 'login', urls)).toBe('https://id.example/self-service/login/browser');
});

test('a flow that says how to start again is followed, because it remembers where the person wanted to go', () => {
  const gone = Object.assign(new MissingRow(), {
    details: { redirect_to: 'https://id.example/self-service/login/browser?return_to=x' },
  });
  expect(restartOf(gone, 'login', urls)).toBe('https://id.example/self-service/login/browser?return_to=x');
});

test('settings without a session lead to sign in and back', () => {
  expect(restartOf(new Unauthorized('no session'), 'settings', urls)).toBe(
    'https://id.example/self-service/login/browser?return_to=https%3A%2F%2Fid.example%2Fself-service%2Fsettings%2Fbrowser',
  );
});

test.each([new Forbidden('csrf'), new BadRequest('bad'), new Unavailable('away'), new TypeError('bug'), 'text'])(
  'anything else is shown, because a browser without cookies would be redirected forever (%s)',
  (error) => {
    expect(restartOf(error, 'settings', urls)).toBeUndefined();
  },
);
