import { SessionService } from '../../src/session/index.js';
import type { TestApp } from './app.js';

export const REVOKE = { hooks: [{ hook: 'revoke_active_sessions' }] };

/** A session of that identity on another device; resolves to its token. */
export async function sessionOf(app: TestApp, identityId: string): Promise<string> {
  const { token } = await app.get(SessionService).issue({ identityId, methods: ['password'], origin: 'login' });
  return token;
}

/** What whoami answers to each token. */
export async function whoami(app: TestApp, ...tokens: (string | undefined)[]): Promise<number[]> {
  const answers = tokens.map((token) =>
    app
      .publicAgent()
      .get('/sessions/whoami')
      .set('x-session-token', token ?? ''),
  );
  return (await Promise.all(answers)).map(({ status }) => status);
}

/** The audit events of that identity about other sessions. */
export async function revocations(
  app: TestApp,
  identityId: string,
): Promise<{ grant_id: string | null; outcome: string }[]> {
  return app.sql(
    `SELECT grant_id, outcome FROM audit_event WHERE target_id = $1 AND action = 'session.others_revoked'`,
    [identityId],
  );
}
