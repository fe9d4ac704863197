import { userInfo } from 'node:os';
import type { RequestContext } from '../platform/http/index.js';

/** Whoever runs a command: the operating-system user, as the audit log keeps it. */
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
