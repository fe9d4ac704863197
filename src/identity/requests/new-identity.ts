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

/** An identity that the admin API was given, and what the answer says besides. */
export interface GivenIdentity {
  readonly identity: NewIdentity;
  readonly warnings: readonly string[];
}

/**
 * Reads the JSON of one identity, as a file has it: with no field that is unknown.
 * @throws IdentityRefused that names the field; BadRequest for an unknown one
 */
export function readNewIdentity(raw: object): NewIdentity {
  return readGivenIdentity(raw, 'all').identity;
}

/**
 * The same for `POST /admin/identities`.
 * @throws IdentityRefused as above; UnknownField with the rule `none`: Kratos knows its fields when it creates
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
      'id cannot be given: identities get ids of their own. external_id is for the name that one has elsewhere.',
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
