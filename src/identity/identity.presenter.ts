import type { SchemaDocument, Urls } from '../config/index.js';
import type { DomainError, ErrorBody } from '../platform/errors/index.js';
import { type CurrentRequest, type FieldRule, warned } from '../platform/http/index.js';
import { connectionsOf } from './credentials/connection.js';
import type { BatchEntry, BatchResult } from './requests/batch.js';
import type { BatchIdentitiesResponse, CredentialResponse, IdentityResponse, SchemaResponse } from './identity.dto.js';
import { IdentityTaken } from './identity.errors.js';
import type { CredentialView, IdentityView } from './identity.view.js';

/** Who will see the identity: a person, or an administrator whose access token may or may not read identities. */
export type Audience = { readonly admin: false } | { readonly admin: true; readonly reads: boolean };

/** What administrators see in addition. */
interface AdminExtras {
  /** absent: left out of the answer */
  readonly credentials?: readonly CredentialView[];
  /** credential types whose config is shown */
  readonly reveal?: readonly string[];
  readonly warnings?: readonly string[];
}

/** The calling administrator. The scopes to write identities or read sessions don't allow seeing who the person is. */
export const administrator = (current: Pick<CurrentRequest, 'may'>): { admin: true; reads: boolean } => ({
  admin: true,
  reads: current.may('identity:read'),
});

/** Warns of a stored password that no identifier leads to. Kratos has no such warning, so the rule `none` leaves it out. */
export function passwordWarnings(credentials: readonly CredentialView[], rule: FieldRule): string[] {
  const useless = credentials.some(
    ({ type, identifiers, config }) => type === 'password' && identifiers.length === 0 && 'hashed_password' in config,
  );
  return useless && rule !== 'none' ? [PASSWORD_USELESS] : [];
}

const PASSWORD_USELESS =
  'Nobody can sign in with the password: the traits contain no identifier ("ory.sh/kratos".credentials.password.identifier).';

/**
 * The identity in API answers. Fields are listed, never spread, so a new column stays private until it is added here.
 */
export function presentIdentity(
  view: IdentityView,
  urls: Urls,
  { credentials = [], reveal = [], warnings = [], ...audience }: Audience & AdminExtras,
): IdentityResponse {
  const reads = !audience.admin || audience.reads;
  return {
    id: view.id,
    ...(view.externalId === null || !reads ? {} : { external_id: view.externalId }),
    ...(credentials.length > 0 ? { credentials: presentCredentials(credentials, reveal) } : {}),
    schema_id: view.schemaId,
    schema_url: urls.public(`/schemas/${Buffer.from(view.schemaId).toString('base64url')}`),
    state: view.state,
    state_changed_at: view.stateChangedAt.toISOString(),
    traits: reads ? view.traits : null,
    ...(reads ? presentAddresses(view) : {}),
    metadata_public: reads ? view.metadataPublic : null,
    ...(audience.admin && reads ? { metadata_admin: view.metadataAdmin, ...presentStanding(view) } : {}),
    created_at: view.createdAt.toISOString(),
    updated_at: view.updatedAt.toISOString(),
    organization_id: null,
    ...warned(warnings),
  };
}

/**
 * As recorded from Kratos: a created identity shows its admin metadata only if it has some, and its password's version
 * is still 0.
 */
export function presentCreated(
  view: IdentityView,
  urls: Urls,
  { credentials = [], ...others }: Audience & AdminExtras,
): IdentityResponse {
  const asCreated = credentials.map((each) => (each.type === 'password' ? { ...each, version: 0 } : each));
  return presentReplaced(view, urls, { ...others, credentials: asCreated });
}

/** As recorded from Kratos: a replaced identity shows its admin metadata only if it has some. */
export function presentReplaced(view: IdentityView, urls: Urls, options: Audience & AdminExtras): IdentityResponse {
  const { metadata_admin: metadata, ...shown } = presentIdentity(view, urls, options);
  return metadata === undefined || metadata === null ? shown : { ...shown, metadata_admin: metadata };
}

export function presentBatch(
  entries: readonly BatchEntry[],
  results: readonly BatchResult[],
  about: readonly string[],
): BatchIdentitiesResponse {
  const identities = results.map((result, index) => {
    const { patchId, warnings = [] } = entries[index] ?? {};
    return {
      ...('id' in result
        ? { action: 'create', identity: result.id }
        : { action: 'error', error: inBatch(result.error) }),
      ...(patchId === undefined ? {} : { patch_id: patchId }),
      ...warned(warnings),
    };
  });
  return { identities, ...warned(about) };
}

/** As recorded from Kratos: a conflict in a batch has a different text. */
function inBatch(error: DomainError): ErrorBody {
  if (!(error instanceof IdentityTaken)) return error.toBody();
  const message = 'Unable to insert or update resource because a resource with that value exists already';
  return { code: 409, status: 'Conflict', message };
}

export function presentSchema({ id, raw }: SchemaDocument): SchemaResponse {
  return { id, schema: raw };
}

function presentStanding({ handOver, containment }: IdentityView): Pick<IdentityResponse, 'hand_over' | 'containment'> {
  return {
    ...(handOver && {
      hand_over: {
        state: handOver.open ? 'open' : 'abandoned',
        grant_id: handOver.grantId,
        session_id: handOver.sessionId,
        by: handOver.by,
        opened_at: handOver.openedAt.toISOString(),
        until: handOver.until.toISOString(),
      },
    }),
    ...(containment && {
      containment: {
        mode: containment.mode,
        since: containment.since.toISOString(),
        grant_id: containment.grantId,
        live_grant: containment.liveGrant,
      },
    }),
  };
}

function presentAddresses(view: IdentityView): Pick<IdentityResponse, 'verifiable_addresses' | 'recovery_addresses'> {
  const verifiable = view.verifiableAddresses.map((address) => ({
    id: address.id,
    value: address.value,
    verified: address.verified,
    via: address.via,
    status: address.status,
    ...(address.verifiedAt === null ? {} : { verified_at: address.verifiedAt.toISOString() }),
    created_at: address.createdAt.toISOString(),
    updated_at: address.updatedAt.toISOString(),
  }));
  const recovery = view.recoveryAddresses.map((address) => ({
    id: address.id,
    value: address.value,
    via: address.via,
    created_at: address.createdAt.toISOString(),
    updated_at: address.updatedAt.toISOString(),
  }));
  return {
    ...(verifiable.length > 0 ? { verifiable_addresses: verifiable } : {}),
    ...(recovery.length > 0 ? { recovery_addresses: recovery } : {}),
  };
}

function presentCredentials(
  credentials: readonly CredentialView[],
  reveal: readonly string[],
): Record<string, CredentialResponse> {
  const entries = credentials.map((credential): [string, CredentialResponse] => [
    credential.type,
    {
      type: credential.type,
      identifiers: [...credential.identifiers],
      ...(reveal.includes(credential.type) ? { config: presentConfig(credential) } : {}),
      version: versionOf(credential),
      created_at: credential.createdAt.toISOString(),
      updated_at: credential.updatedAt.toISOString(),
    },
  ]);
  return Object.fromEntries(entries);
}

/** Types whose rows Kratos upgrades to this version when it reads them; ours are written that way. */
const UPGRADED = ['code', 'webauthn'];

const versionOf = ({ type, version }: CredentialView): number =>
  UPGRADED.includes(type) ? Math.max(version, 1) : version;

/**
 * As recorded from Kratos: once every account is disconnected, one unnamed placeholder remains. Kept tokens are not
 * shown.
 */
function presentConfig({ type, config }: CredentialView): Record<string, unknown> {
  if (type !== 'oidc') return { ...config };
  const providers = connectionsOf(config).map(({ subject, provider }) => ({ subject, provider }));
  return { providers: providers.length > 0 ? providers : [{ subject: '', provider: '' }] };
}
