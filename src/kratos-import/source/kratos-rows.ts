/**
 * Rows of a Kratos database. JSON is text as PostgreSQL prints jsonb. Times are RFC 3339 in UTC with microseconds
 * (Kratos stores UTC without a time zone).
 */
export interface KratosIdentity {
  readonly id: string;
  readonly schemaId: string;
  readonly state: string;
  readonly stateChangedAt: string | null;
  readonly traits: string;
  readonly metadataPublic: string | null;
  readonly metadataAdmin: string | null;
  readonly externalId: string | null;
  readonly availableAal: string | null;
  readonly organization: boolean;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly credentials: readonly KratosCredential[];
  readonly recoveryAddresses: readonly KratosAddress[];
  readonly verifiableAddresses: readonly KratosVerifiableAddress[];
  /** live ones only; empty unless requested */
  readonly sessions: readonly KratosSession[];
}

export interface KratosCredential {
  readonly id: string;
  readonly identityId: string;
  readonly type: string;
  readonly config: unknown;
  readonly version: number;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly identifiers: readonly string[];
}

export interface KratosAddress {
  readonly id: string;
  readonly identityId: string;
  readonly via: string;
  readonly value: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface KratosVerifiableAddress extends KratosAddress {
  readonly verified: boolean;
  readonly status: string;
  readonly verifiedAt: string | null;
}

export interface KratosSession {
  readonly id: string;
  readonly identityId: string;
  readonly token: string | null;
  readonly aal: string;
  readonly methods: unknown;
  readonly issuedAt: string;
  readonly authenticatedAt: string;
  readonly expiresAt: string;
  readonly devices: readonly KratosDevice[];
}

interface KratosDevice {
  readonly id: string;
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
  readonly location: string | null;
  readonly createdAt: string;
}

/** Row counts of a network. */
export interface KratosCounts {
  readonly identities: number;
  readonly credentials: number;
  readonly identifiers: number;
  readonly recoveryAddresses: number;
  readonly verifiableAddresses: number;
  /** live ones */
  readonly sessions: number;
}

/** An identifier or address that normalization may change. */
export interface KratosSpelling {
  readonly identityId: string;
  readonly kind: 'identifier' | 'recovery' | 'verifiable';
  /** credential type, or channel of the address */
  readonly space: string;
  readonly value: string;
  readonly createdAt: string;
}
