import { userInfo } from 'node:os';
import type { RequestContext } from '../platform/http/index.js';

/** The actor of a command, for the audit log: the operating-system user. */
export function operator(reason?: string): RequestContext {
  const name = operatorName();
  return {
    requestId: '',
    network: '',
    userAgent: 'regain command line',
    ...(reason === undefined ? {} : { reason }),
    actor: { type: 'operator', id: name, label: name },
  };
}

export function operatorName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}
