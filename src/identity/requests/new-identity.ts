import { type GivenCredentials, readBody, readExternalId, readCredentials } from './identity-body.js';
import { CreateIdentityBody } from '../identity.dto.js';
import { type FieldRule, knownFields } from '../../platform/http/index.js';
import { IdentityRefused, UnknownField } from '../identity.errors.js';
import { refuseUnsupported, withoutUnsupported } from './unsupported.js';
import type { IdentityState } from '../identity.view.js';

interface GivenAddress {
  readonly value: string;
  readonly via: string;
  readonly verified: boolean;
  readonly status: string;
  readonly verifiedAt: Date | undefined;
}

/** Input for a new identity. */
export interface NewIdentity extends GivenCredentials {
  /** absent: the default schema */
  readonly schemaId?: string | undefined;
  readonly traits: Record<string, unknown>;
  /** absent: active */
  readonly state?: IdentityState;
  readonly externalId?: string | null;
  readonly metadataPublic?: unknown;
  readonly metadataAdmin?: unknown;
  /** verification state of addresses that the traits contain */
  readonly verifiableAddresses?: readonly GivenAddress[];
}

/** An identity from an admin API request, and warnings for the answer. */
export interface GivenIdentity {
  readonly identity: NewIdentity;
  readonly warnings: readonly string[];
}

/**
 * Reads one identity from JSON in a file; unknown fields are refused.
 * @throws IdentityRefused naming the field; BadRequest for an unknown field
 */
export function readNewIdentity(raw: object): NewIdentity {
  return readGivenIdentity(raw, 'all').identity;
}

/**
 * The same for `POST /admin/identities`.
 * @throws IdentityRefused as above; UnknownField with the rule `none`, like Kratos on creation
 */
export function readGivenIdentity(raw: object, rule: FieldRule): GivenIdentity {
  refuseUnsupported(raw);
  const asked = withoutUnsupported(raw);
  if (rule !== 'none') refuseId(asked);
  else refuseUnknown(asked);
  const { body, warnings } = readBody(CreateIdentityBody, asked, rule);
  return { identity: toNewIdentity(body), warnings };
}

function refuseId(raw: object): void {
  if (Object.hasOwn(raw, 'id'))
    throw new IdentityRefused(
      'id cannot be set: the server assigns it. Use external_id for the identity’s id in another system.',
    );
}

function refuseUnknown(raw: object): void {
  const [first] = knownFields(CreateIdentityBody, raw).unknown;
  if (first !== undefined) throw new UnknownField(first.path);
}

function toNewIdentity(body: CreateIdentityBody): NewIdentity {
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
