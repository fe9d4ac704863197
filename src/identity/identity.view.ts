export type IdentityState = 'active' | 'inactive';

/** An address that can be used to recover the account. `value` is the form that mail goes to. */
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

/** A redemption handed the account over, and no credential has been set since. */
export interface HandOverView {
  /** false: it was abandoned */
  readonly open: boolean;
  readonly grantId: string;
  readonly sessionId: string;
  readonly by: 'admin' | 'self_service';
  readonly openedAt: Date;
  readonly until: Date;
}

/** Older credentials don't work until the account is recovered. */
export interface ContainmentView {
  /** `keep_mail`: self-service recovery by mail may open it too */
  readonly mode: 'all' | 'keep_mail';
  readonly since: Date;
  readonly grantId: string;
  /** whether an administrator's link or code works for it */
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
  /** null: no hand-over is open, and none was abandoned */
  readonly handOver?: HandOverView | null;
  readonly containment?: ContainmentView | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly recoveryAddresses: readonly RecoveryAddressView[];
  readonly verifiableAddresses: readonly VerifiableAddressView[];
}

/** A credential as administrators see it. `config` contains secrets, such as a password's hash. */
export interface CredentialView {
  readonly type: string;
  readonly identifiers: readonly string[];
  readonly version: number;
  readonly config: Readonly<Record<string, unknown>>;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}
