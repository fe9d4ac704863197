import { DomainError } from '../../platform/errors/index.js';
import { type Caller, type FieldRule, parseJson, warningsFor } from '../../platform/http/index.js';
import { cloneJson } from '../../platform/json/index.js';
import { nearestName } from '../../platform/spelling/index.js';
import { IdentityRefused, PatchRefused, PatchUnreadable, StateRefused } from '../identity.errors.js';
import type { IdentityView } from '../identity.view.js';
import { applyPatch, PatchImpossible, type PatchOperation, PatchTooCostly } from './apply-patch.js';
import {
  type AddressMark,
  type IdentityUpdate,
  noTraits,
  readUpdateBody,
  toIdentityUpdate,
} from './identity-update.js';

type Document = Record<string, unknown>;

/** A patch from a request. */
export interface IdentityPatch {
  /** operations on anything except credentials */
  readonly operations: readonly PatchOperation[];
  /** the value that the last operation gives the password hash */
  readonly hashedPassword?: string;
  /** an operation reveals or moves existing values: test, copy, move */
  readonly reads: boolean;
  readonly warnings: readonly string[];
}

const MOST_OPERATIONS = 100;
/** Maximum number of names in a pointer. */
const DEEPEST = 32;
/** Maximum length of the patched document in characters; otherwise repeated patches could grow it without limit. */
const LARGEST = 1_048_576;
/** Characters by which a document that was already larger may grow, because a new state can be longer. */
const SLACK = 100;

/** Fields that only the server writes, or that have a route of their own. Matched in any case, like Kratos' decoder. */
const READ_ONLY = [
  'id',
  'credentials',
  'schema_url',
  'statechangedat',
  'state_changed_at',
  'recovery_addresses',
  'created_at',
  'updated_at',
  'organization_id',
  'available_aal',
];
const PATCHABLE = ['schema_id', 'state', 'traits', 'metadata_public', 'metadata_admin', 'external_id'];
const ADDRESSES = 'verifiable_addresses';
const OF_ADDRESS = /^verifiable_addresses\/\d{1,4}\/(verified|status|verified_at)$/;
const PASSWORD_HASH = 'credentials/password/config/hashed_password';
/** Names through which a pointer could reach what every object inherits. */
const INHERITED = ['__proto__', 'constructor', 'prototype'];

/** The body as sent. */
interface Body extends Pick<Caller, 'headers'> {
  readonly body: unknown;
}

/**
 * Reads a JSON patch (RFC 6902) from the request body.
 * @throws PatchUnreadable, PatchRefused; BadRequest for a misspelt name
 */
export function readJsonPatch(request: Body, rule: FieldRule): IdentityPatch {
  const type = (request.headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase();
  if (type !== 'application/json' && type !== 'application/json-patch+json')
    throw new PatchRefused('The body must be sent as application/json.');
  const given = parsed(Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0));
  if (!Array.isArray(given)) throw new PatchUnreadable('The body must be a list of operations.');
  if (given.length > MOST_OPERATIONS)
    throw new PatchRefused(`A patch can contain at most ${MOST_OPERATIONS} operations.`);
  const operations = given.map(readOperation);
  const hashes = operations.filter(({ path }) => path.join('/') === PASSWORD_HASH);
  const others = operations.filter((operation) => !hashes.includes(operation));
  return {
    operations: others,
    ...(hashes.length === 0 ? {} : { hashedPassword: hashOf(hashes.at(-1)!) }),
    reads: others.some(({ op }) => op === 'test' || op === 'copy' || op === 'move'),
    warnings: warningsFor(others.flatMap(unknownName), rule),
  };
}

/**
 * The identity that results from the patch.
 * @throws PatchRefused, StateRefused, IdentityRefused
 */
export function patchIdentity(view: IdentityView, { operations }: IdentityPatch, rule: FieldRule): IdentityUpdate {
  const document = documentOf(view, operations);
  applied(document, operations);
  const patched = parseAgain(kept(document), () => JSON.stringify(kept(documentOf(view, []))).length);
  const { state } = patched;
  if (state !== view.state && state !== 'active' && state !== 'inactive') throw new StateRefused(state);
  if (patched['traits'] === undefined) throw new PatchRefused('/traits itself cannot be removed, only parts of it.');
  if (patched['traits'] === null) throw noTraits(null);
  const marks = marksOf(view, document[ADDRESSES]);
  const { body } = readUpdateBody(patched, rule);
  return { ...toIdentityUpdate(body), ...(marks.length === 0 ? {} : { marks }) };
}

function parsed(body: Buffer): unknown {
  try {
    return parseJson(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch (error) {
    throw new PatchUnreadable(error instanceof DomainError ? (error.reason ?? '') : 'The body is not valid UTF-8.');
  }
}

function readOperation(given: unknown): PatchOperation {
  if (given !== null && (typeof given !== 'object' || Array.isArray(given)))
    throw new PatchUnreadable('An operation must be an object.');
  const { op, path, from, value } = (given ?? {}) as Record<string, unknown>;
  if (typeof op !== 'string' || !/^(add|remove|replace|move|copy|test)$/.test(op))
    throw new PatchRefused('An operation must be one of add, remove, replace, move, copy, test.');
  const kind = op as PatchOperation['op'];
  const needsValue = kind === 'add' || kind === 'replace' || kind === 'test';
  if (needsValue && value === undefined) throw new PatchRefused(`The operation ${kind} needs a value.`);
  return {
    op: kind,
    path: readPointer(path, kind, kind !== 'test'),
    ...(kind === 'move' ? { from: readPointer(from, kind, true) } : {}),
    ...(kind === 'copy' ? { from: readPointer(from, kind, false) } : {}),
    ...(needsValue ? { value } : {}),
  };
}

function readPointer(pointer: unknown, op: PatchOperation['op'], writes: boolean): string[] {
  if (typeof pointer !== 'string' || !pointer.startsWith('/'))
    throw new PatchRefused('A path must name a part of the identity, as in /traits/name.');
  const names = pointer.split('/').slice(1).map(unescaped);
  if (names.length > DEEPEST) throw new PatchRefused(`A path can contain at most ${DEEPEST} names.`);
  if (names.some((name) => INHERITED.includes(name))) throw new PatchRefused('A path contains a reserved name.');
  const [first = ''] = names;
  const whole = names.join('/');
  if (whole === PASSWORD_HASH && (op === 'add' || op === 'replace')) return names;
  const readOnly = READ_ONLY.includes(first.toLowerCase());
  const ofAddress = first.toLowerCase() === ADDRESSES && !(OF_ADDRESS.test(whole) && op !== 'move');
  if (readOnly || (ofAddress && (writes || op === 'copy'))) throw new PatchRefused(`/${whole} cannot be patched.`);
  return names;
}

const unescaped = (name: string): string => name.replaceAll('~1', '/').replaceAll('~0', '~');

function hashOf({ value }: PatchOperation): string {
  if (typeof value !== 'string' || value.length > 1_024)
    throw new PatchRefused(`/${PASSWORD_HASH} must be a hash of at most 1024 characters.`);
  return value;
}

/** An unknown top-level name: Kratos accepts it silently. */
function unknownName({ path }: PatchOperation): { path: string; meant?: string }[] {
  const [first = ''] = path;
  if (PATCHABLE.includes(first) || first === ADDRESSES) return [];
  const meant = nearestName(first, [...PATCHABLE, ADDRESSES], 1);
  return [{ path: `/${first.slice(0, 100)}`, ...(meant === undefined ? {} : { meant: `/${meant}` }) }];
}

function applied(document: Document, operations: readonly PatchOperation[]): void {
  try {
    applyPatch(document, operations);
  } catch (error) {
    if (error instanceof PatchTooCostly) throw new PatchRefused('The operations copy or compare too much.');
    if (error instanceof PatchImpossible)
      throw new PatchRefused('An operation cannot be applied: its path does not exist, or its test fails.');
    throw error;
  }
}

/** Copies what the operations change, so that the view stays unchanged. */
function documentOf(view: IdentityView, operations: readonly PatchOperation[]): Document {
  const changed = new Set(operations.flatMap(({ path, from = [] }) => [path[0], from[0]]));
  const document: Document = {
    schema_id: view.schemaId,
    state: view.state,
    traits: view.traits,
    metadata_public: view.metadataPublic,
    metadata_admin: view.metadataAdmin,
    ...(view.externalId === null ? {} : { external_id: view.externalId }),
    [ADDRESSES]: view.verifiableAddresses.map(({ id, value, via, verified, status, verifiedAt }) => ({
      id,
      value,
      via,
      verified,
      status,
      ...(verifiedAt === null ? {} : { verified_at: verifiedAt.toISOString() }),
    })),
  };
  const members = Object.entries(document);
  return Object.fromEntries(members.map(([name, value]) => [name, changed.has(name) ? cloneJson(value) : value]));
}

const kept = (document: Document): Document =>
  Object.fromEntries(PATCHABLE.filter((name) => name in document).map((name) => [name, document[name]]));

/** Marks for the addresses that the patch changes. */
function marksOf({ verifiableAddresses }: IdentityView, patched: unknown): AddressMark[] {
  if (!Array.isArray(patched)) return [];
  return verifiableAddresses.flatMap((address, index): AddressMark[] => {
    const { verified, status, verified_at: given } = patched[index] as Document;
    const verifiedAt = given === undefined || given === null ? null : new Date(String(given));
    if (typeof verified !== 'boolean' || !['pending', 'sent', 'completed'].includes(String(status)))
      throw new IdentityRefused(
        `${ADDRESSES}[${index}] must have a boolean verified, and pending, sent or completed as its status.`,
      );
    if (verifiedAt !== null && Number.isNaN(verifiedAt.getTime()))
      throw new IdentityRefused(`${ADDRESSES}[${index}].verified_at must be a time such as 2030-01-31T08:00:00Z.`);
    // The stored time has microseconds; it is kept if the patch doesn't change it.
    const isSameTime = verifiedAt?.getTime() === address.verifiedAt?.getTime();
    const at = isSameTime ? address.verifiedAt : verifiedAt;
    const mark = { id: address.id, verified, status: String(status), verifiedAt: at };
    return isMarkedSo(address, mark) ? [] : [mark];
  });
}

const isMarkedSo = (address: IdentityView['verifiableAddresses'][number], mark: AddressMark): boolean =>
  address.verified === mark.verified &&
  address.status === mark.status &&
  address.verifiedAt?.getTime() === mark.verifiedAt?.getTime();

/** As strict as with any body: a patch must not produce what a client could not send. */
function parseAgain(document: Document, sizeBefore: () => number): Document {
  const text = JSON.stringify(document);
  if (text.length > LARGEST && text.length > sizeBefore() + SLACK)
    throw new PatchRefused('The identity would become too large.');
  try {
    return parseJson(text) as Document;
  } catch (error) {
    throw new PatchRefused(error instanceof DomainError ? (error.reason ?? '') : 'The result is not valid JSON.');
  }
}
