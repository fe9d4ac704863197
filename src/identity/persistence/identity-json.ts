import { Instant } from '../../platform/database/index.js';
import { parseExact } from '../../platform/json/index.js';
import type { ContainmentView, HandOverView, IdentityState, IdentityView } from '../identity.view.js';

interface AddressJson {
  id: string;
  value: string;
  via: string;
  created_at: string;
  updated_at: string;
}

interface HandOverJson {
  open: boolean;
  grant_id: string;
  session_id: string;
  by: 'admin' | 'self_service';
  opened_at: string;
  until: string;
}

interface ContainmentJson {
  mode: 'all' | 'keep_mail';
  since: string;
  grant_id: string;
  live_grant: boolean;
}

interface IdentityJson {
  id: string;
  schema_id: string;
  state: IdentityState;
  state_changed_at: string;
  traits: Record<string, unknown>;
  metadata_public: unknown;
  metadata_admin: unknown;
  external_id: string | null;
  available_aal: string;
  hand_over: HandOverJson | null;
  containment: ContainmentJson | null;
  created_at: string;
  updated_at: string;
  recovery_addresses: AddressJson[];
  verifiable_addresses: (AddressJson & { verified: boolean; status: string; verified_at: string | null })[];
}

/** Reads what `identityJson` (sql.ts) built; a driver may return it parsed or as text. */
export function identityFromJson(value: unknown): IdentityView {
  const row = (typeof value === 'string' ? parseExact(value) : value) as IdentityJson;
  return {
    id: row.id,
    schemaId: row.schema_id,
    state: row.state,
    stateChangedAt: new Instant(row.state_changed_at),
    traits: row.traits,
    metadataPublic: row.metadata_public,
    metadataAdmin: row.metadata_admin,
    externalId: row.external_id,
    availableAal: row.available_aal,
    handOver: row.hand_over && handOverFromJson(row.hand_over),
    containment: row.containment && containmentFromJson(row.containment),
    createdAt: new Instant(row.created_at),
    updatedAt: new Instant(row.updated_at),
    recoveryAddresses: row.recovery_addresses.map(addressFromJson),
    verifiableAddresses: row.verifiable_addresses.map((address) => ({
      ...addressFromJson(address),
      verified: address.verified,
      status: address.status,
      verifiedAt: address.verified_at === null ? null : new Instant(address.verified_at),
    })),
  };
}

function addressFromJson({ id, value, via, created_at, updated_at }: AddressJson) {
  return { id, value, via, createdAt: new Instant(created_at), updatedAt: new Instant(updated_at) };
}

function handOverFromJson({ open, grant_id, session_id, by, opened_at, until }: HandOverJson): HandOverView {
  return {
    open,
    grantId: grant_id,
    sessionId: session_id,
    by,
    openedAt: new Date(opened_at),
    until: new Date(until),
  };
}

function containmentFromJson({ mode, since, grant_id, live_grant }: ContainmentJson): ContainmentView {
  return { mode, since: new Date(since), grantId: grant_id, liveGrant: live_grant };
}
