import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { callerOf, CurrentRequest } from '../../src/platform/http/index.js';
import { LoginService } from '../../src/self-service/index.js';
import { SessionService } from '../../src/session/index.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { PASSWORD, person } from '../support/sign-in.js';

/* Services take a caller, not a request: whoever has the application can call them, without HTTP. */

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app?.stop());

const without = <T>(work: () => Promise<T>): Promise<T> =>
  app.get(CurrentRequest).run({ requestId: 'r', network: '192.0.2.4', userAgent: 'a command' }, work);

describe('a person signs in', () => {
  test('by their password; the token then makes the caller a person', async () => {
    const { email, id } = await person(app);
    const login = app.get(LoginService);
    const outcome = await without(async () => {
      const start = await login.start(callerOf(), 'api');
      if (start.kind !== 'started') throw new Error(start.kind);
      return login.submit(start.flow.id, { method: 'password', identifier: email, password: PASSWORD }, callerOf());
    });
    if (outcome.kind !== 'logged_in') throw new Error(outcome.kind);
    const session = await app.get(SessionService).resolve(callerOf({ sessionToken: outcome.token }));
    expect(session?.identity.id).toBe(id);
    expect(await app.get(SessionService).resolve(callerOf())).toBeUndefined();
  });

  test('in a browser: its cookies bind the form, which another browser cannot read', async () => {
    const login = app.get(LoginService);
    const flow = await without(async () => {
      const start = await login.start(callerOf({ json: false }), 'browser');
      if (start.kind !== 'started') throw new Error(start.kind);
      return start.flow;
    });
    expect(flow.type).toBe('browser');
    await expect(without(() => login.show(flow.id, callerOf({ json: false })))).rejects.toMatchObject({ status: 403 });
  });
});
