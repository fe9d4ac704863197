import { isSecondFactor } from '../../identity/privileged.js';
import type { ImportedSession } from '../../session/index.js';
import type { KratosIdentity, KratosSession } from '../source/kratos-rows.js';
import { listOf, textOf } from './json.js';
import type { Tally } from './tally.js';

/** Live sessions whose token Regain accepts. */
export function sessionsOf(
  { id, sessions }: KratosIdentity,
  accepts: (token: string) => boolean,
  tally: Tally,
): ImportedSession[] {
  return sessions.flatMap((session) => {
    if (session.token !== null && accepts(session.token)) return [sessionOf(session, session.token)];
    tally.add(id, 'session_not_brought');
    return [];
  });
}

function sessionOf(session: KratosSession, token: string): ImportedSession {
  const { id, identityId, aal, issuedAt, authenticatedAt, expiresAt } = session;
  const methods = listOf(session.methods).map((given) => {
    const method = textOf(given['method']);
    return {
      method,
      // older versions of Kratos didn't record the level of a method
      aal: textOf(given['aal']) || (isSecondFactor(method) ? 'aal2' : 'aal1'),
      completed_at: textOf(given['completed_at']) || authenticatedAt,
    };
  });
  const devices = session.devices.map((device) => ({
    id: device.id,
    ipAddress: device.ipAddress ?? '',
    userAgent: device.userAgent ?? '',
    location: device.location ?? '',
    createdAt: device.createdAt,
  }));
  return { id, identityId, token, aal, methods, issuedAt, authenticatedAt, expiresAt, devices };
}
