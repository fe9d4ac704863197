import { createParamDecorator, type ExecutionContext, type Type } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import type { FastifyRequest } from 'fastify';
import { BadRequest } from '../errors/index.js';

/** What a form or a JSON form holds: strings from a form, any JSON from JSON. Keys are own properties of a null object. */
export type FormFields = Record<string, unknown>;

const DEEPEST = 64;

/** `@JsonBody(Dto) body: Dto`: decoded after the guard, validated, unknown fields dropped. */
export const JsonBody = createParamDecorator((shape: Type<object> | undefined, context: ExecutionContext) => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  const value = decodeJson(request, ['application/json']);
  return shape ? validated(shape, value) : value;
});

/** `@FormBody() form: FormFields`: a form post or a JSON object; of a repeated form key the last value wins. */
export const FormBody = createParamDecorator((_: unknown, context: ExecutionContext): FormFields => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  const body = bytes(request);
  const type = mediaType(request);
  if (type === 'application/x-www-form-urlencoded' || (type === '' && body.length === 0)) return decodeForm(body);
  if (type === 'multipart/form-data')
    throw new BadRequest('Forms must be sent as application/x-www-form-urlencoded or application/json.');
  return decodeJson(request, ['application/json', 'application/x-www-form-urlencoded']) as FormFields;
});

/** A form field that must be one string where it is given; empty counts as given. */
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
  const value = parseJson(utf8(body));
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new BadRequest('Unable to decode JSON payload: the body must be a JSON object.');
  }
  return value;
}

/** JSON of a bounded depth without `__proto__` keys, lone surrogates or NUL characters. @throws BadRequest */
export function parseJson(text: string): unknown {
  if (depth(text) > DEEPEST)
    throw new BadRequest(`Unable to decode JSON payload: it is nested deeper than ${DEEPEST} levels.`);
  let value: unknown;
  try {
    value = JSON.parse(text, (key, item: unknown) => {
      if (key === '__proto__')
        throw new BadRequest('Unable to decode JSON payload: the key "__proto__" is not allowed.');
      if (unstorable(key) || (typeof item === 'string' && unstorable(item))) {
        throw new BadRequest('Unable to decode JSON payload: a text holds a NUL character or a lone surrogate.');
      }
      return item;
    });
  } catch (error) {
    if (error instanceof BadRequest) throw error;
    throw new BadRequest('Unable to decode JSON payload: it is not valid JSON.');
  }
  return value;
}

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

/** How deep brackets nest outside of strings: counted before parsing, so that depth costs nothing. */
function depth(text: string): number {
  let deepest = 0;
  let open = 0;
  let quoted = false;
  for (let i = 0; i < text.length && deepest <= DEEPEST; i++) {
    const c = text.charCodeAt(i);
    if (quoted) {
      if (c === 92) i++;
      else if (c === 34) quoted = false;
    } else if (c === 34) quoted = true;
    else if (c === 91 || c === 123) deepest = Math.max(deepest, ++open);
    else if (c === 93 || c === 125) open--;
  }
  return deepest;
}

function decodeForm(body: Buffer): FormFields {
  const text = utf8(body);
  if (text.split('&').length > 1000) throw new BadRequest('The form has more than 1000 fields.');
  const fields: FormFields = Object.create(null) as FormFields;
  for (const [key, value] of new URLSearchParams(text)) {
    if (unstorable(key) || unstorable(value))
      throw new BadRequest('A form field holds a NUL character or a lone surrogate.');
    fields[key] = value;
  }
  return fields;
}

function validated<T extends object>(shape: Type<T>, value: object): T {
  const instance = instanceOf(shape, value);
  const problems = validateSync(instance, { whitelist: true, validationError: { target: false, value: false } });
  if (problems.length > 0) {
    const texts = problems.flatMap(({ constraints = {} }) => Object.values(constraints));
    throw new BadRequest(
      texts.length > 0 ? `${texts.join('; ')}.` : `The field "${problems[0]!.property}" is not valid.`,
    );
  }
  return instance;
}

/** class-transformer calls what stands under a key named `constructor`. */
function instanceOf<T extends object>(shape: Type<T>, value: object): T {
  try {
    return plainToInstance(shape, value);
  } catch {
    throw new BadRequest('Unable to decode JSON payload: the key "constructor" is not allowed.');
  }
}
