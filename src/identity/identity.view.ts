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
