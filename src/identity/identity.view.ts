export type IdentityState = 'active' | 'inactive';

/** Where a person can be reached to get the account back. `value` is what mail goes to. */
interface RecoveryAddressView {
  readonly id: string;
  readonly value: string;
  readonly via: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

interface VerifiableAddressView {
  readonly id: string;
  readonly value: string;
  readonly via: string;
  readonly verified: boolean;
  readonly status: string;
  readonly verifiedAt: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** A redemption handed the account over, and no credential has been set. */
export interface HandOverView {
  /** false: it was given up */
  readonly open: boolean;
  readonly grantId: string;
  readonly sessionId: string;
  readonly by: 'admin' | 'self_service';
  readonly openedAt: Date;
  readonly until: Date;
}

/** Older credentials open nothing until the account is recovered. */
export interface ContainmentView {
  /** `keep_mail`: the mailbox may recover it, too */
  readonly mode: 'all' | 'keep_mail';
  readonly since: Date;
  readonly grantId: string;
  /** a link or code of an administrator works for it */
  readonly liveGrant: boolean;
}

/** What other modules see of an identity: plain data, no credentials. */
export interface IdentityView {
  readonly id: string;
  readonly schemaId: string;
  readonly state: IdentityState;
  readonly stateChangedAt: Date;
  readonly traits: Record<string, unknown>;
  readonly metadataPublic: unknown;
  readonly metadataAdmin: unknown;
  readonly externalId: string | null;
  readonly availableAal: string;
  /** null: none is open, and none was given up */
  readonly handOver?: HandOverView | null;
  readonly containment?: ContainmentView | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly recoveryAddresses: readonly RecoveryAddressView[];
  readonly verifiableAddresses: readonly VerifiableAddressView[];
}

/** A credential as administrators see it. `config` holds secrets (a password's hash). */
export interface CredentialView {
  readonly type: string;
  readonly identifiers: readonly string[];
  readonly version: number;
  readonly config: Readonly<Record<string, unknown>>;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}
