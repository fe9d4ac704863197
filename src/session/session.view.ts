import type { IdentityView } from '../identity/index.js';

/** A device that used the session, as it introduced itself when the session began. */
export interface DeviceView {
  readonly id: string;
  readonly ipAddress: string;
  readonly userAgent: string;
  readonly location: string;
}

/** One proof that the person gave. `completed_at` is an ISO 8601 time in UTC. */
export interface AuthenticationMethod {
  readonly method: string;
  readonly aal: string;
  readonly completed_at: string;
  /** for `oidc`: the provider that was used */
  readonly provider?: string;
}

export type SessionOrigin = 'login' | 'recovery' | 'import';

/** What other modules see of a session. It was live when it was read. */
export interface SessionView {
  readonly id: string;
  readonly active: boolean;
  readonly expiresAt: Date;
  readonly authenticatedAt: Date;
  readonly issuedAt: Date;
  readonly aal: string;
  readonly methods: readonly AuthenticationMethod[];
  readonly origin: SessionOrigin;
  /** the recovery grant that opened this session */
  readonly grantId: string | null;
  /** recent enough to change credentials; the database decides */
  readonly privileged: boolean;
  readonly identity: IdentityView;
  readonly devices: readonly DeviceView[];
}

/** A session in a list; it may have ended. */
export interface StoredSession {
  readonly id: string;
  readonly identityId: string;
  /** whether it was live when it was read; the database decides */
  readonly active: boolean;
  readonly expiresAt: Date;
  readonly authenticatedAt: Date;
  readonly issuedAt: Date;
  readonly aal: string;
  readonly methods: readonly AuthenticationMethod[];
  /** only if requested */
  readonly identity?: IdentityView;
  /** only if requested */
  readonly devices?: readonly DeviceView[];
}

export interface NewSession {
  readonly identityId: string;
  /** `password`, `link_recovery`, …; each counts as aal1 */
  readonly methods: readonly string[];
  readonly origin: SessionOrigin;
  readonly grantId?: string;
  /** id of a session that ends when this one begins */
  readonly replaces?: string;
}

/** Holds the only copy of the token: the database keeps a digest. */
export interface IssuedSession {
  readonly view: SessionView;
  readonly token: string;
}
