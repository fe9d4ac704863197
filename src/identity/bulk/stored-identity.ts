/**
 * A complete identity as its rows hold it, for bulk transfer. JSON whose numbers must not change is text, exactly as
 * the database writes jsonb. Times are RFC 3339, UTC, with microseconds.
 */
export interface StoredIdentity {
  readonly id: string;
  readonly schemaId: string;
  readonly state: 'active' | 'inactive';
  readonly stateChangedAt: string;
  readonly traits: string;
  readonly metadataPublic: string | null;
  readonly metadataAdmin: string | null;
  readonly externalId: string | null;
  readonly availableAal: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly credentials: readonly StoredCredential[];
  readonly recoveryAddresses: readonly StoredAddress[];
  readonly verifiableAddresses: readonly StoredVerifiableAddress[];
}

export interface StoredCredential {
  readonly id: string;
  /** at most one of each type */
  readonly type: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly version: number;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** in display order */
  readonly identifiers: readonly StoredIdentifier[];
}

export interface StoredIdentifier {
  /** in display form */
  readonly value: string;
  /** normalized for comparison; unique within its type */
  readonly normalized: string;
}

export interface StoredAddress extends StoredIdentifier {
  readonly id: string;
  readonly via: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface StoredVerifiableAddress extends StoredAddress {
  readonly verified: boolean;
  readonly status: string;
  readonly verifiedAt: string | null;
}

/** A value that only one identity may have. */
export interface Claim {
  readonly identityId: string;
  readonly kind: 'identifier' | 'recovery' | 'verifiable' | 'external_id';
  /** the credential type, or how the address is reached; empty for an external id */
  readonly space: string;
  readonly normalized: string;
}

/** Every unique value that the identity needs. */
export function claimsOf(identity: StoredIdentity): Claim[] {
  const claim = (kind: Claim['kind'], space: string, normalized: string): Claim => ({
    identityId: identity.id,
    kind,
    space,
    normalized,
  });
  return [
    ...identity.credentials.flatMap(({ type, identifiers }) =>
      identifiers.map(({ normalized }) => claim('identifier', type, normalized)),
    ),
    ...identity.recoveryAddresses.map(({ via, normalized }) => claim('recovery', via, normalized)),
    ...identity.verifiableAddresses.map(({ via, normalized }) => claim('verifiable', via, normalized)),
    ...(identity.externalId === null ? [] : [claim('external_id', '', identity.externalId)]),
  ];
}
