import type { IdentityView } from '../identity/index.js';

/** A device that used the session: what it sent when the session began. */
export interface DeviceView {
  readonly id: string;
  readonly ipAddress: string;
  readonly userAgent: string;
  readonly location: string;
}

/** One proof that the person gave. `completed_at` is an ISO time in UTC. */
export interface AuthenticationMethod {
  readonly method: string;
  readonly aal: string;
  readonly completed_at: string;
  /** of `oidc`: by way of which provider */
  readonly provider?: string;
}

export type SessionOrigin = 'login' | 'recovery' | 'import';

/** What other modules see of a session. Whoever holds a view holds a session that was good when it was read. */
export interface SessionView {
  readonly id: string;
  readonly active: boolean;
  readonly expiresAt: Date;
  readonly authenticatedAt: Date;
  readonly issuedAt: Date;
  readonly aal: string;
  readonly methods: readonly AuthenticationMethod[];
  readonly origin: SessionOrigin;
  /** the recovery grant that the session came from */
  readonly grantId: string | null;
  /** young enough to change credentials; decided by the database */
  readonly privileged: boolean;
  readonly identity: IdentityView;
  readonly devices: readonly DeviceView[];
}

/** A session as lists show it: it may have ended. */
export interface StoredSession {
  readonly id: string;
  readonly identityId: string;
  /** good for requests when it was read; decided by the database */
  readonly active: boolean;
  readonly expiresAt: Date;
  readonly authenticatedAt: Date;
  readonly issuedAt: Date;
  readonly aal: string;
  readonly methods: readonly AuthenticationMethod[];
  /** only where asked for */
  readonly identity?: IdentityView;
  /** only where asked for */
  readonly devices?: readonly DeviceView[];
}

export interface NewSession {
  readonly identityId: string;
  /** `password`, `link_recovery`, …; each counts as aal1 */
  readonly methods: readonly string[];
  readonly origin: SessionOrigin;
  readonly grantId?: string;
  /** a session that ends as this one begins */
  readonly replaces?: string;
}

/** The only copy of the token: the database keeps its digest. */
export interface IssuedSession {
  readonly view: SessionView;
  readonly token: string;
}
