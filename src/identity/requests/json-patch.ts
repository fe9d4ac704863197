import type { FastifyRequest } from 'fastify';
import fastJsonPatch, { type Operation } from 'fast-json-patch';
import { DomainError } from '../../platform/errors/index.js';
import { parseJson } from '../../platform/http/index.js';
import { cloneJson } from '../../platform/json/index.js';
import { PatchRefused, StateRefused } from '../identity.errors.js';
import { type IdentityUpdate, readUpdateBody, toIdentityUpdate } from './identity-update.js';
import type { IdentityView } from '../identity.view.js';

type Document = Record<string, unknown>;

const MOST_OPERATIONS = 100;
/** Segments of a pointer. */
const DEEPEST = 32;
/** Characters of the patched document: copying a part into itself doubles it each time. */
const LARGEST = 1_048_576;

/** What the server alone writes, or what has an address of its own. */
const READ_ONLY = [
  'id',
  'credentials',
  'schema_url',
  'stateChangedAt',
  'state_changed_at',
  'verifiable_addresses',
  'recovery_addresses',
  'created_at',
  'updated_at',
  'organization_id',
  'available_aal',
];
const PATCHABLE = ['schema_id', 'state', 'traits', 'metadata_public', 'metadata_admin', 'external_id'];
/** Names by which a pointer could leave the document for what every object inherits. */
const INHERITED = ['__proto__', 'constructor', 'prototype'];

/** A JSON patch (RFC 6902) as the body of a request. @throws PatchRefused */
export function readJsonPatch(request: FastifyRequest): Operation[] {
  const type = (request.headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase();
  if (type !== 'application/json' && type !== 'application/json-patch+json')
    throw new PatchRefused('The body must be sent as application/json.');
  const operations = parsed(Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0));
  if (!Array.isArray(operations)) throw new PatchRefused('The body must be a list of operations.');
  if (operations.length > MOST_OPERATIONS)
    throw new PatchRefused(`A patch holds at most ${MOST_OPERATIONS} operations.`);
  operations.forEach(checkOperation);
  return operations as Operation[];
}

/** What the patch makes of the identity. @throws PatchRefused, StateRefused, IdentityRefused */
export function patchIdentity(view: IdentityView, operations: readonly Operation[]): IdentityUpdate {
  const patched = operations.reduce(applied, documentOf(view));
  const kept = parseAgain(Object.fromEntries(Object.entries(patched).filter(([name]) => PATCHABLE.includes(name))));
  const { state } = kept;
  if (state !== view.state && state !== 'active' && state !== 'inactive') throw new StateRefused(state);
  return toIdentityUpdate(readUpdateBody(kept));
}

function parsed(body: Buffer): unknown {
  try {
    return parseJson(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch (error) {
    throw new PatchRefused(error instanceof DomainError ? (error.reason ?? '') : 'The body is not valid UTF-8.');
  }
}

function checkOperation(operation: unknown): void {
  if (typeof operation !== 'object' || operation === null) throw new PatchRefused('An operation must be an object.');
  const { op, path, from } = operation as Record<string, unknown>;
  if (typeof op !== 'string' || !/^(add|remove|replace|move|copy|test)$/.test(op))
    throw new PatchRefused('An operation must be one of add, remove, replace, move, copy, test.');
  for (const pointer of op === 'move' || op === 'copy' ? [path, from] : [path]) checkPointer(pointer);
}

function checkPointer(pointer: unknown): void {
  if (typeof pointer !== 'string' || !pointer.startsWith('/'))
    throw new PatchRefused('A path must name a part of the identity, as in /traits/name.');
  const segments = segmentsOf(pointer);
  if (segments.length > DEEPEST) throw new PatchRefused(`A path holds at most ${DEEPEST} names.`);
  if (segments.some((segment) => INHERITED.includes(segment))) throw new PatchRefused('A path holds a reserved name.');
  if (READ_ONLY.includes(segments[0]!)) throw new PatchRefused(`/${segments[0]} cannot be patched.`);
}

function applied(document: Document, operation: Operation): Document {
  const tolerant = asKratosReads(operation);
  if (tolerant.op === 'add') makeParents(document, segmentsOf(tolerant.path));
  try {
    const { newDocument } = fastJsonPatch.applyOperation(document, withDigits(document, tolerant), true);
    if (tolerant.op === 'copy' && JSON.stringify(newDocument).length > LARGEST)
      throw new PatchRefused('The identity would become too large.');
    return newDocument;
  } catch (error) {
    if (error instanceof DomainError) throw error;
    throw new PatchRefused(`The operation ${operation.op} on ${operation.path} cannot be done.`);
  }
}

/** The library copies by way of a text, which doubles are read from. */
function withDigits(document: Document, operation: Operation): Operation {
  if (operation.op !== 'copy') return operation;
  const value = cloneJson(fastJsonPatch.getValueByPointer(document, operation.from) as unknown);
  if (value === undefined) throw new PatchRefused(`The operation copy from ${operation.from} cannot be done.`);
  return { op: 'add', path: operation.path, value };
}

/** Kratos puts what is to replace something that is not there; elements of lists it does not. */
function asKratosReads(operation: Operation): Operation {
  if (operation.op !== 'replace' || /\/(-|\d+)$/.test(operation.path)) return operation;
  return { ...operation, op: 'add' };
}

/** Makes the objects on the way to what is added, as Kratos does. */
function makeParents(document: Document, segments: readonly string[]): void {
  let here: unknown = document;
  for (const segment of segments.slice(0, -1)) {
    if (typeof here !== 'object' || here === null || Array.isArray(here)) return;
    const object = here as Document;
    if (!Object.hasOwn(object, segment) || object[segment] === null) object[segment] = {};
    here = object[segment];
  }
}

function documentOf(view: IdentityView): Document {
  return cloneJson({
    schema_id: view.schemaId,
    state: view.state,
    traits: view.traits,
    metadata_public: view.metadataPublic,
    metadata_admin: view.metadataAdmin,
    ...(view.externalId === null ? {} : { external_id: view.externalId }),
  });
}

/** As strict as with any body: a patch must not make what nobody could have sent. */
function parseAgain(document: Document): Document {
  try {
    return parseJson(JSON.stringify(document)) as Document;
  } catch (error) {
    throw new PatchRefused(error instanceof DomainError ? (error.reason ?? '') : 'It makes no valid JSON.');
  }
}

const segmentsOf = (pointer: string): string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
