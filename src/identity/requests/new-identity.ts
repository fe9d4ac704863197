import { type GivenCredentials, readBody, readExternalId, readCredentials } from './identity-body.js';
import { CreateIdentityBody } from '../identity.dto.js';
import { IdentityRefused } from '../identity.errors.js';
import type { IdentityState } from '../identity.view.js';

interface GivenAddress {
  readonly value: string;
  readonly via: string;
  readonly verified: boolean;
  readonly status: string;
  readonly verifiedAt: Date | undefined;
}

/** What an identity is made of. */
export interface NewIdentity extends GivenCredentials {
  /** absent: the default schema */
  readonly schemaId?: string | undefined;
  readonly traits: Record<string, unknown>;
  /** absent: active */
  readonly state?: IdentityState;
  readonly externalId?: string | null;
  readonly metadataPublic?: unknown;
  readonly metadataAdmin?: unknown;
  /** what is known of addresses that the traits hold */
  readonly verifiableAddresses?: readonly GivenAddress[];
}

/**
 * Reads the JSON of one identity, as `POST /admin/identities` takes it.
 * @throws IdentityRefused that names the field; a field that nobody knows is one too
 */
export function readNewIdentity(raw: object): NewIdentity {
  const body = readBody(CreateIdentityBody, raw);
  if (body.state !== undefined && body.state !== '' && body.state !== 'active' && body.state !== 'inactive')
    throw new IdentityRefused('identity state is not valid');
  return {
    schemaId: body.schema_id,
    traits: body.traits ?? {},
    state: body.state === 'inactive' ? 'inactive' : 'active',
    externalId: readExternalId(body.external_id),
    metadataPublic: body.metadata_public ?? null,
    metadataAdmin: body.metadata_admin ?? null,
    ...readCredentials(body.credentials),
    verifiableAddresses: (body.verifiable_addresses ?? []).map((address) => ({
      value: address.value,
      via: address.via,
      verified: address.verified ?? false,
      status: address.status ?? (address.verified === true ? 'completed' : 'pending'),
      verifiedAt: address.verified_at === undefined ? undefined : new Date(address.verified_at),
    })),
  };
}
