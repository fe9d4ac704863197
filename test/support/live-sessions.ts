import { SessionService } from '../../src/session/index.js';
import type { TestApp } from './app.js';

export const REVOKE = { hooks: [{ hook: 'revoke_active_sessions' }] };

/** Signs the identity in on another device; resolves to the session token. */
export async function sessionOf(app: TestApp, identityId: string): Promise<string> {
  const { token } = await app.get(SessionService).issue({ identityId, methods: ['password'], origin: 'login' });
  return token;
}

/** The status of whoami for each token. */
export async function whoami(app: TestApp, ...tokens: (string | undefined)[]): Promise<number[]> {
  const answers = tokens.map((token) =>
    app
      .publicAgent()
      .get('/sessions/whoami')
      .set('x-session-token', token ?? ''),
  );
  return (await Promise.all(answers)).map(({ status }) => status);
}

/** The identity's audit events about ending other sessions. */
export async function revocations(
  app: TestApp,
  identityId: string,
): Promise<{ grant_id: string | null; outcome: string }[]> {
  return app.sql(
    `SELECT grant_id, outcome FROM audit_event WHERE target_id = $1 AND action = 'session.others_revoked'`,
    [identityId],
  );
}
