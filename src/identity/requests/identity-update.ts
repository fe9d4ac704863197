import type { FieldRule } from '../../platform/http/index.js';
import { readBody, type ReadBody, readExternalId } from './identity-body.js';
import { UpdateIdentityBody } from '../identity.dto.js';
import { IdentityRefused } from '../identity.errors.js';
import type { IdentityState } from '../identity.view.js';
import { refuseUnsupported, withoutUnsupported } from './unsupported.js';

/** The verification state of one of the identity's addresses. */
export interface AddressMark {
  readonly id: string;
  readonly verified: boolean;
  readonly status: string;
  readonly verifiedAt: Date | null;
}

/** The desired identity; fields that are not named stay unchanged. */
export interface IdentityUpdate {
  /** absent: unchanged */
  readonly schemaId?: string | undefined;
  /** absent: unchanged */
  readonly state?: IdentityState | undefined;
  readonly traits: Record<string, unknown>;
  readonly metadataPublic: unknown;
  readonly metadataAdmin: unknown;
  readonly externalId: string | null;
  /** for verifiable addresses; those that the traits no longer contain are removed regardless */
  readonly marks?: readonly AddressMark[];
}

/** Fields that answers show; ignored when they are sent back. */
const SHOWN_ONLY = [
  'id',
  'schema_url',
  'state_changed_at',
  'verifiable_addresses',
  'recovery_addresses',
  'created_at',
  'updated_at',
  'warnings',
];
/** The same for a credential. */
const SHOWN_OF_CREDENTIAL = ['type', 'identifiers', 'version', 'created_at', 'updated_at'];

/**
 * Validates a body of `PUT /admin/identities/{id}`, which may be an answer sent back with its credentials.
 * @throws IdentityRefused naming the field; BadRequest for an unknown field that the rule refuses
 */
export function readUpdateBody(raw: object, rule: FieldRule): ReadBody<UpdateIdentityBody> {
  const { credentials, ...shown } = raw as Record<string, unknown>;
  const asked = without(shown, SHOWN_ONLY);
  if (isObject(credentials)) asked['credentials'] = withoutShown(credentials);
  else if (credentials !== undefined) asked['credentials'] = credentials;
  refuseUnsupported(asked);
  const { traits } = asked;
  if (traits === null || (traits === undefined && rule !== 'none')) throw noTraits(traits);
  return readBody(UpdateIdentityBody, withoutUnsupported(asked), rule);
}

/** Without traits, nobody could sign in or be reached, so removing them must be explicit. */
export const noTraits = (given: null | undefined): IdentityRefused =>
  given === null
    ? new IdentityRefused('I[#/traits] S[#/properties/traits/type] expected object, but got null')
    : new IdentityRefused('traits is required: PUT replaces the traits, and with them the identifiers and addresses.');

/** @throws IdentityRefused for an unknown state or an external id that is too long */
export function toIdentityUpdate(body: UpdateIdentityBody): IdentityUpdate {
  return {
    schemaId: body.schema_id === '' ? undefined : body.schema_id,
    state: readState(body.state),
    traits: body.traits ?? {},
    metadataPublic: body.metadata_public ?? null,
    metadataAdmin: body.metadata_admin ?? null,
    externalId: readExternalId(body.external_id),
  };
}

/** Credentials copied from an answer set nothing. Kinds that can't be set stay unchanged. */
function withoutShown(credentials: Record<string, unknown>): Record<string, unknown> {
  const given = Object.entries(credentials).flatMap(([type, credential]): [string, unknown][] => {
    if (!isObject(credential)) return [[type, credential]];
    const isShown = typeof credential['type'] === 'string' && Array.isArray(credential['identifiers']);
    if (isShown && type !== 'password' && type !== 'oidc') return [];
    return [[type, withoutPlaceholders(without(credential, SHOWN_OF_CREDENTIAL))]];
  });
  return Object.fromEntries(given);
}

/** Once every account is disconnected, an answer shows an unnamed placeholder. */
function withoutPlaceholders(credential: Record<string, unknown>): Record<string, unknown> {
  const { config } = credential;
  if (!isObject(config) || !Array.isArray(config['providers'])) return credential;
  const named = (config['providers'] as unknown[]).filter(
    (each) => !(isObject(each) && each['provider'] === '' && each['subject'] === ''),
  );
  return { ...credential, config: { ...config, providers: named } };
}

const without = (given: Record<string, unknown>, names: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(Object.entries(given).filter(([name]) => !names.includes(name)));

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function readState(given: string | undefined): IdentityState | undefined {
  if (given === undefined || given === '') return undefined;
  if (given !== 'active' && given !== 'inactive') throw new IdentityRefused('identity state is not valid');
  return given;
}
