import { readBody, readExternalId } from './identity-body.js';
import { UpdateIdentityBody } from '../identity.dto.js';
import { IdentityRefused } from '../identity.errors.js';
import type { IdentityState } from '../identity.view.js';

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
  'organization_id',
];

/** A validated body of `PUT /admin/identities/{id}`. @throws IdentityRefused that names the field */
export function readUpdateBody(raw: object): UpdateIdentityBody {
  return readBody(
    UpdateIdentityBody,
    Object.fromEntries(Object.entries(raw).filter(([name]) => !SHOWN_ONLY.includes(name))),
  );
}

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

function readState(given: string | undefined): IdentityState | undefined {
  if (given === undefined || given === '') return undefined;
  if (given !== 'active' && given !== 'inactive') throw new IdentityRefused('identity state is not valid');
  return given;
}
