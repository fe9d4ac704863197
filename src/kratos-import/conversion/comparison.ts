import { createHash } from 'node:crypto';
import type { StoredAddress, StoredIdentity } from '../../identity/privileged.js';
import type { StoredImport } from '../../session/index.js';

type Parts = Readonly<Record<string, string>>;

/** Serializes an identity so that equal identities yield equal texts, whichever database they come from. */
export function partsOf(identity: StoredIdentity, formOf: (hash: string) => string): Parts {
  const { id, schemaId, state, stateChangedAt, externalId, availableAal, createdAt, updatedAt } = identity;
  return {
    identity: text([id, schemaId, state, stateChangedAt, externalId, availableAal, createdAt, updatedAt]),
    traits: identity.traits,
    metadata: text([identity.metadataPublic, identity.metadataAdmin]),
    credentials: sorted(
      identity.credentials.map(({ type, version, config, createdAt: made, updatedAt: changed }) => [
        type,
        version,
        inForm(config, formOf),
        made,
        changed,
      ]),
    ),
    identifiers: sorted(
      identity.credentials.flatMap(({ type, identifiers }) =>
        identifiers.map(({ value, normalized }) => [type, value, normalized]),
      ),
    ),
    recovery_addresses: sorted(identity.recoveryAddresses.map(addressOf)),
    verifiable_addresses: sorted(
      identity.verifiableAddresses.map((a) => [...addressOf(a), a.verified, a.status, a.verifiedAt]),
    ),
  };
}

const addressOf = (a: StoredAddress): unknown[] => [a.id, a.via, a.value, a.normalized, a.createdAt, a.updatedAt];

/** The names of the differing parts. */
export function differences(one: Parts, other: Parts): string[] {
  return Object.keys(one).filter((part) => one[part] !== other[part]);
}

export const digestOf = (texts: readonly string[]): string => {
  const hash = createHash('sha256');
  for (const each of texts) hash.update(`${each.length}:${each}`);
  return hash.digest('hex');
};

/** Serializes a session. */
export const sessionText = (session: StoredImport): string => text(inOrder(session));

function inForm(config: Readonly<Record<string, unknown>>, formOf: (hash: string) => string): unknown {
  const hash = config['hashed_password'];
  return inOrder(typeof hash === 'string' ? { ...config, hashed_password: formOf(hash) } : config);
}

/** The value with its keys sorted. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([key, inner]) => [key, inOrder(inner)]);
}

const text = (value: unknown): string => JSON.stringify(value);
const sorted = (rows: readonly unknown[]): string => text(rows.map(text).sort());
