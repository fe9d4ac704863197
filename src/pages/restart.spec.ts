import { expect, test } from 'vitest';
import { SelfServiceConfig, ServeConfig, Urls } from '../config/index.js';
import { BadRequest, Forbidden, MissingRow, Unauthorized, Unavailable } from '../platform/errors/index.js';
import { restartOf } from './restart.js';

const urls = new Urls({ public: { base_url: 'https://id.example' } } as ServeConfig, new SelfServiceConfig());

test('a flow that is not there begins again', () => {
  expect(restartOf(new MissingRow(), 'recovery', urls)).toBe('https://id.example/self-service/recovery/browser');
  expect(restartOf(new MissingRow(), 'login', urls)).toBe('https://id.example/self-service/login/browser');
});

test('a flow that says how to begin again is taken at its word: it remembers where the person wanted to go', () => {
  const gone = Object.assign(new MissingRow(), {
    details: { redirect_to: 'https://id.example/self-service/login/browser?return_to=x' },
  });
  expect(restartOf(gone, 'login', urls)).toBe('https://id.example/self-service/login/browser?return_to=x');
});

test('settings without a session begin with signing in, and come back', () => {
  expect(restartOf(new Unauthorized('no session'), 'settings', urls)).toBe(
    'https://id.example/self-service/login/browser?return_to=https%3A%2F%2Fid.example%2Fself-service%2Fsettings%2Fbrowser',
  );
});

test.each([new Forbidden('csrf'), new BadRequest('bad'), new Unavailable('away'), new TypeError('bug'), 'text'])(
  'anything else is to be read: a browser without cookies would go in circles (%s)',
  (error) => {
    expect(restartOf(error, 'settings', urls)).toBeUndefined();
  },
);
