import type { FieldRule } from '../../platform/http/index.js';
import { readBody, type ReadBody, readExternalId } from './identity-body.js';
import { UpdateIdentityBody } from '../identity.dto.js';
import { IdentityRefused } from '../identity.errors.js';
import type { IdentityState } from '../identity.view.js';
import { refuseUnsupported, withoutUnsupported } from './unsupported.js';

/** What is known of an address that the identity has. */
export interface AddressMark {
  readonly id: string;
  readonly verified: boolean;
  readonly status: string;
  readonly verifiedAt: Date | null;
}

/** What an identity is to be: whatever is not named here stays as it is. */
export interface IdentityUpdate {
  /** absent: as it is */
  readonly schemaId?: string | undefined;
  /** absent: as it is */
  readonly state?: IdentityState | undefined;
  readonly traits: Record<string, unknown>;
  readonly metadataPublic: unknown;
  readonly metadataAdmin: unknown;
  readonly externalId: string | null;
  /** of verifiable addresses; those that the traits no longer hold are gone all the same */
  readonly marks?: readonly AddressMark[];
}

/** What an answer shows of an identity besides: sent back, it says nothing. */
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
/** The same of a credential. */
const SHOWN_OF_CREDENTIAL = ['type', 'identifiers', 'version', 'created_at', 'updated_at'];

/**
 * A validated body of `PUT /admin/identities/{id}`: also one that an answer gave, with its credentials.
 * @throws IdentityRefused that names the field; BadRequest for an unknown one that the rule refuses
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

/** Without traits nobody could sign in or be reached any more: that must be said, not left out. */
export const noTraits = (given: null | undefined): IdentityRefused =>
  given === null
    ? new IdentityRefused('I[#/traits] S[#/properties/traits/type] expected object, but got null')
    : new IdentityRefused('traits must be given: PUT replaces them, and with them identifiers and addresses.');

/** @throws IdentityRefused for a state that is none, or an external id that is too long */
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

/** What an answer shows of credentials gives none. Those of kinds that cannot be given stay as they are. */
function withoutShown(credentials: Record<string, unknown>): Record<string, unknown> {
  const given = Object.entries(credentials).flatMap(([type, credential]): [string, unknown][] => {
    if (!isObject(credential)) return [[type, credential]];
    const isShown = typeof credential['type'] === 'string' && Array.isArray(credential['identifiers']);
    if (isShown && type !== 'password' && type !== 'oidc') return [];
    return [[type, withoutPlaceholders(without(credential, SHOWN_OF_CREDENTIAL))]];
  });
  return Object.fromEntries(given);
}

/** Where every account was disconnected, an answer shows one without a name. */
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
