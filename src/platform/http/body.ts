import { createParamDecorator, type ExecutionContext, type Type } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { getMetadataStorage, type ValidationError, validateSync } from 'class-validator';
import type { FastifyRequest } from 'fastify';
import { BadRequest } from '../errors/index.js';
import { type FieldRule, knownFields, warningsFor } from './known-fields.js';
import { isPublic } from './prefixes.js';
import { noteRefusal } from './refused.js';
import { ExactNumber, exactNumbersIn, holdsExact, parseExact, pathText, withDoubles } from '../json/index.js';

/**
 * Fields of a form post or of a JSON form. A form post has strings, or lists of strings for repeated traits; JSON has
 * any JSON value. The object has no prototype.
 */
export type FormFields = Record<string, unknown>;

const DEEPEST = 64;
/**
 * Upper limit over all lists and objects of a body: parsing more would block the process, even within the size limit.
 */
const MOST_PARTS = 50_000;
/** Bytes of a public body per allowed part: 64 KB may have a thousand parts, which take a few milliseconds. */
const BYTES_A_PART = 64;
/** Keys in one object of a typed body: class-transformer compares each key with all others. */
const WIDEST = 200;

/**
 * `@JsonBody(Dto) body: Dto`: decoded after the guard, validated, unknown fields dropped. Without a DTO, it is the JSON
 * as sent; a number that a double would change becomes an ExactNumber.
 */
export const JsonBody = createParamDecorator((shape: Type<object> | undefined, context: ExecutionContext) => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  const value = decodeJson(request, ['application/json']);
  return shape ? validated(shape, doublesOf(value)) : value;
});

/** A body whose unknown fields are reported. */
export interface Given<T> {
  /**
   * Returns the body, and warnings about fields that were dropped.
   * @throws BadRequest for an invalid field, or one that the rule rejects
   */
  read(rule: FieldRule): { readonly body: T; readonly warnings: string[] };
}

/** `@KnownBody(Dto) given: Given<Dto>`: for routes that report which fields they dropped. */
export const KnownBody = createParamDecorator((shape: Type<object>, context: ExecutionContext): Given<object> => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  const { known, unknown } = knownFields(shape, doublesOf(decodeJson(request, ['application/json'])));
  return { read: (rule) => ({ warnings: warningsFor(unknown, rule), body: validated(shape, known) }) };
});

/**
 * `@FormBody() form: FormFields`: a form post or a JSON object. If a form key repeats, the last value wins; a repeated
 * trait becomes a list in the order sent. Numbers in traits keep their digits (ExactNumber); other fields hold doubles.
 */
export const FormBody = createParamDecorator((_: unknown, context: ExecutionContext): FormFields =>
  decodeFormBody(context.switchToHttp().getRequest<FastifyRequest>()),
);

function decodeFormBody(request: FastifyRequest): FormFields {
  const body = bytes(request);
  const type = mediaType(request);
  if (type === 'application/x-www-form-urlencoded' || (type === '' && body.length === 0)) return decodeForm(body);
  if (type === 'multipart/form-data')
    throw new BadRequest('Forms must be sent as application/x-www-form-urlencoded or application/json.');
  const fields = decodeJson(request, ['application/json', 'application/x-www-form-urlencoded']) as FormFields;
  if (!holdsExact(fields)) return fields;
  const entries = Object.entries(fields);
  return Object.fromEntries(entries.map(([name, value]) => [name, isTrait(name) ? value : doublesOf(value, name)]));
}

/** A form that could not be decoded, with the reason. */
export class UnreadableForm {
  constructor(readonly why: BadRequest) {}
}

/** `@AnyFormBody() form: FormFields | UnreadableForm`: for flows that report a bad body in their form. */
export const AnyFormBody = createParamDecorator((_: unknown, context: ExecutionContext) => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  try {
    return decodeFormBody(request);
  } catch (error) {
    if (!(error instanceof BadRequest)) throw error;
    noteRefusal(request, error.status);
    return new UnreadableForm(error);
  }
});

const isTrait = (field: string): boolean => field === 'traits' || field.startsWith('traits.');

/**
 * Converts exact numbers to doubles, for JSON that is read but not stored, where lost digits do no harm.
 * @throws BadRequest for a number too large for a double
 */
export function doublesOf<T>(value: T, name?: string): T {
  const huge = exactNumbersIn(value, name === undefined ? [] : [name]).find(
    ({ number }) => !Number.isFinite(Number(number.text)),
  );
  if (huge) throw undecodable(`the number at ${pathText(huge.path)} is too large`);
  return withDoubles(value);
}

/** A form field that must be a single string if present; an empty string counts as present. */
export function formText(form: FormFields, name: string): string | undefined {
  const value = form[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw new BadRequest(`The field "${name}" must be a string.`);
  return value;
}

function bytes(request: FastifyRequest): Buffer {
  return Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
}

function mediaType(request: FastifyRequest): string {
  return (request.headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase();
}

function decodeJson(request: FastifyRequest, supported: string[]): object {
  const body = bytes(request);
  const type = mediaType(request);
  if (body.length === 0)
    throw new BadRequest('Unable to decode HTTP Request Body because its HTTP Header "Content-Length" is zero.');
  if (type !== 'application/json') {
    throw new BadRequest(
      `HTTP ${request.method} Request used unknown HTTP Header "Content-Type: ${type}", only [${supported.join(' ')}] are supported.`,
    );
  }
  const value = parseJson(utf8(body), mostParts(request));
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new BadRequest('Unable to decode JSON payload: the body must be a JSON object.');
  }
  return value;
}

/**
 * Parses JSON of limited depth and size. Rejects `__proto__` keys, lone surrogates and NUL characters. A number that a
 * double would change becomes an ExactNumber.
 * @throws BadRequest
 */
export function parseJson(text: string, most = MOST_PARTS): unknown {
  const { deepest, parts } = measure(text, most);
  if (deepest > DEEPEST) throw undecodable(`it is nested deeper than ${DEEPEST} levels`);
  if (parts > most) throw undecodable(`it has more than ${most} parts`);
  const value = parsed(text);
  refuseHarm(value);
  return value;
}

function mostParts(request: FastifyRequest): number {
  if (!isPublic(request.raw)) return MOST_PARTS;
  return Math.floor((request.routeOptions.bodyLimit ?? 0) / BYTES_A_PART);
}

function parsed(text: string): unknown {
  try {
    return parseExact(text);
  } catch {
    throw undecodable('it is not valid JSON');
  }
}

/** Walks every part iteratively: cheaper than a reviver, which is called for each one. */
function refuseHarm(root: unknown): void {
  const open: unknown[] = [root];
  while (open.length > 0) {
    const item = open.pop();
    if (typeof item === 'string') refuseUnstorable(item);
    else if (Array.isArray(item)) for (const each of item) open.push(each);
    else if (item !== null && typeof item === 'object' && !(item instanceof ExactNumber))
      for (const key of Object.keys(item)) {
        if (key === '__proto__') throw undecodable('the key "__proto__" is not allowed');
        refuseUnstorable(key);
        open.push((item as Record<string, unknown>)[key]);
      }
  }
}

function refuseUnstorable(text: string): void {
  if (unstorable(text)) throw undecodable('a string contains a NUL character or a lone surrogate');
}

const undecodable = (why: string): BadRequest => new BadRequest(`Unable to decode JSON payload: ${why}.`);

export function unstorable(text: string): boolean {
  return text.includes('\0') || !text.isWellFormed();
}

function utf8(body: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw new BadRequest('Unable to decode the request body: it is not valid UTF-8.');
  }
}

/**
 * Nesting depth and number of parts, ignoring strings. Counted before parsing, so that a hostile body is rejected
 * cheaply.
 */
function measure(text: string, most: number): { deepest: number; parts: number } {
  let deepest = 0;
  let parts = 0;
  let open = 0;
  let quoted = false;
  for (let i = 0; i < text.length && deepest <= DEEPEST && parts <= most; i++) {
    const c = text.charCodeAt(i);
    if (quoted) {
      if (c === 92) i++;
      else if (c === 34) quoted = false;
    } else if (c === 34) quoted = true;
    else if (c === 44) parts++;
    else if (c === 91 || c === 123) deepest = Math.max(deepest, ++open);
    else if (c === 93 || c === 125) open--;
  }
  return { deepest, parts };
}

function decodeForm(body: Buffer): FormFields {
  const text = utf8(body);
  if (text.split('&').length > 1000) throw new BadRequest('The form has more than 1000 fields.');
  const fields: FormFields = Object.create(null) as FormFields;
  for (const [key, value] of new URLSearchParams(text)) {
    if (unstorable(key) || unstorable(value))
      throw new BadRequest('A form field contains a NUL character or a lone surrogate.');
    fields[key] = key.startsWith('traits.') && key in fields ? [fields[key], value].flat() : value;
  }
  return fields;
}

function validated<T extends object>(shape: Type<T>, value: object): T {
  const instance = instanceOf(shape, value);
  const problems = validateSync(instance, { whitelist: true, validationError: { target: false, value: false } });
  if (problems.length > 0) {
    const texts = problems.flatMap(textsOf);
    throw new BadRequest(
      texts.length > 0 ? `${texts.join('; ')}.` : `The field "${problems[0]!.property}" is not valid.`,
    );
  }
  return instance;
}

/** Texts of a validation error and of those nested in it. */
function textsOf({ constraints = {}, children = [] }: ValidationError): string[] {
  return [...Object.values(constraints), ...children.flatMap(textsOf)];
}

/** Keeps only known fields: class-transformer would call whatever is under a key named `constructor`. */
function instanceOf<T extends object>(shape: Type<T>, value: object): T {
  const rules = getMetadataStorage().getTargetValidationMetadatas(shape, '', false, false);
  const names = [...new Set(rules.map(({ propertyName }) => propertyName))].filter((name) =>
    Object.hasOwn(value, name),
  );
  const known = Object.fromEntries(names.map((name) => [name, (value as Record<string, unknown>)[name]]));
  if (tooWide(known)) throw undecodable(TOO_WIDE);
  try {
    return plainToInstance(shape, known);
  } catch {
    throw undecodable('the key "constructor" is not allowed');
  }
}

export const TOO_WIDE = `an object has more than ${WIDEST} keys`;

/** Whether class-transformer must not process it. */
export const tooWide = (root: object): boolean => widest(root) > WIDEST;

/** The largest number of keys in any nested object. */
function widest(root: object): number {
  let most = 0;
  const open: unknown[] = [root];
  while (open.length > 0) {
    const item = open.pop();
    if (item === null || typeof item !== 'object') continue;
    const within = Object.values(item);
    if (!Array.isArray(item)) most = Math.max(most, within.length);
    for (const each of within) open.push(each);
  }
  return most;
}
