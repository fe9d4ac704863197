import type { DomainError } from '../../platform/errors/index.js';
import { isUuid } from '../../platform/flow/index.js';
import { doublesOf } from '../../platform/http/index.js';
import type { BatchIdentitiesBody } from '../identity.dto.js';
import { IdentityRefused } from '../identity.errors.js';
import { type NewIdentity, readNewIdentity } from './new-identity.js';

/** What became of one identity of a batch: its id, or why it was refused. */
export type BatchResult = { readonly id: string } | { readonly error: DomainError };

/** One entry of a batch. `read` throws what is wrong with the identity; the others are created all the same. */
export interface BatchEntry {
  readonly patchId: string | undefined;
  readonly read: () => NewIdentity;
  readonly withPassword: boolean;
}

const MOST = 1_000;
/** A clear-text password costs a hash each. */
const MOST_PASSWORDS = 200;

/** The body of `PATCH /admin/identities`. @throws IdentityRefused where it is none as a whole */
export function readBatch(body: BatchIdentitiesBody): BatchEntry[] {
  const { identities, ...others }: { identities?: unknown } = body;
  doublesOf(others);
  const given = identities ?? [];
  if (!Array.isArray(given)) throw new IdentityRefused('identities must be an array.');
  if (given.length > MOST)
    throw new IdentityRefused(
      `The maximum number of identities per request that can be created or deleted at once is ${MOST}.`,
    );
  const entries = given.map(readEntry);
  if (entries.filter(({ create }) => hasClearPassword(create)).length > MOST_PASSWORDS)
    throw new IdentityRefused(
      `The maximum number of identities per request that can be created with a plaintext password is ${MOST_PASSWORDS}.`,
    );
  return entries.map(({ patchId, create }) => ({
    patchId,
    read: () => readNewIdentity(create),
    withPassword: hasPassword(create),
  }));
}

function readEntry(entry: unknown, index: number): { patchId: string | undefined; create: object } {
  const { create, patch_id: patchId, ...others } = objectOr(entry, `identities[${index}]`);
  const unknown = Object.keys(others)[0];
  if (unknown !== undefined) throw new IdentityRefused(`unknown field "identities[${index}].${unknown}".`);
  if (patchId !== undefined && patchId !== null && !(typeof patchId === 'string' && isUuid(patchId)))
    throw new IdentityRefused(`identities[${index}].patch_id must be a UUID.`);
  return {
    patchId: typeof patchId === 'string' ? patchId : undefined,
    create: objectOr(create, `identities[${index}].create`),
  };
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
