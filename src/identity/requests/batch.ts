import type { DomainError } from '../../platform/errors/index.js';
import { uuidOf } from '../../platform/flow/index.js';
import { doublesOf, type FieldRule, knownFields, warningsFor } from '../../platform/http/index.js';
import { BatchEntryBody, BatchIdentitiesBody } from '../identity.dto.js';
import { IdentityRefused, UnknownField } from '../identity.errors.js';
import { type NewIdentity, readGivenIdentity } from './new-identity.js';

/** Result for one identity of a batch: its id, or why it was refused. */
export type BatchResult = { readonly id: string } | { readonly error: DomainError };

/** One entry of a batch. `read` throws if the identity is invalid; the other entries are still created. */
export interface BatchEntry {
  readonly patchId: string | undefined;
  readonly read: () => NewIdentity;
  /** warnings that the answer shows for a created identity */
  readonly warnings: string[];
  readonly withPassword: boolean;
}

const MOST = 1_000;
/** Each plain-text password costs a hash. */
const MOST_PASSWORDS = 200;

/**
 * Reads the body of `PATCH /admin/identities`, and returns warnings about the whole body.
 * @throws IdentityRefused; BadRequest if the body is not a batch
 */
export function readBatch(body: object, rule: FieldRule): { entries: BatchEntry[]; warnings: string[] } {
  const others = Object.entries(body).filter(([name]) => name !== 'identities');
  doublesOf(Object.fromEntries(others));
  const { known, unknown } = knownFields(BatchIdentitiesBody, body);
  refuseAsKratos(unknown, rule);
  const given = known['identities'] ?? [];
  if (!Array.isArray(given)) throw new IdentityRefused('identities must be an array.');
  if (given.length > MOST)
    throw new IdentityRefused(
      `The maximum number of identities per request that can be created or deleted at once is ${MOST}.`,
    );
  const entries = given.map((entry, index) => readEntry(entry, index, rule));
  if (entries.filter(({ create }) => hasClearPassword(create)).length > MOST_PASSWORDS)
    throw new IdentityRefused(
      `The maximum number of identities per request that can be created with a plaintext password is ${MOST_PASSWORDS}.`,
    );
  return { entries: entries.map((entry) => toEntry(entry, rule)), warnings: warningsFor(unknown, rule) };
}

interface GivenEntry {
  readonly patchId: string | undefined;
  readonly create: object;
  readonly warnings: readonly string[];
}

function readEntry(entry: unknown, index: number, rule: FieldRule): GivenEntry {
  const at = `identities[${index}]`;
  const { known, unknown } = knownFields(BatchEntryBody, objectOr(entry, at));
  refuseAsKratos(unknown, rule);
  if (unknown.some(({ path }) => path === 'delete' || path === 'update'))
    throw new IdentityRefused(`${at} may contain "create" only: a batch can neither update nor delete.`);
  const warnings = warningsFor(unknown, rule);
  const { create, patch_id: patchId } = known;
  const id = uuidOf(patchId);
  if (patchId !== undefined && patchId !== null && id === undefined)
    throw new IdentityRefused(`${at}.patch_id must be a UUID.`);
  return { patchId: id, create: objectOr(create, `${at}.create`), warnings };
}

function toEntry({ patchId, create, warnings }: GivenEntry, rule: FieldRule): BatchEntry {
  const said = [...warnings];
  const read = (): NewIdentity => {
    const given = readGivenIdentity(create, rule);
    said.push(...given.warnings);
    return given.identity;
  };
  return { patchId, read, warnings: said, withPassword: hasPassword(create) };
}

function refuseAsKratos([first]: readonly { path: string }[], rule: FieldRule): void {
  if (first !== undefined && rule === 'none') throw new UnknownField(first.path);
}

function objectOr(value: unknown, name: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new IdentityRefused(`${name} must be an object.`);
  return value as Record<string, unknown>;
}

interface WithCredentials {
  credentials?: { password?: { config?: { password?: unknown } | null } | null } | null;
}

const hasPassword = ({ credentials }: WithCredentials): boolean => Boolean(credentials?.password);
const hasClearPassword = ({ credentials }: WithCredentials): boolean =>
  typeof credentials?.password?.config?.password === 'string';
