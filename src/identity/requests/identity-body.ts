import type { Type } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { type ValidationError, validateSync } from 'class-validator';
import { type FieldRule, knownFields, TOO_WIDE, tooWide, warningsFor } from '../../platform/http/index.js';
import type { StoredConnection } from '../credentials/connection.js';
import type { CredentialsBody } from '../identity.dto.js';
import { IdentityRefused } from '../identity.errors.js';

/** Credentials given by an administrator: a password in plain text or as a hash, and connected accounts. */
export interface GivenCredentials {
  readonly password?: string | undefined;
  readonly hashedPassword?: string | undefined;
  readonly connections?: readonly StoredConnection[];
  /** true: a different password also lifts a containment */
  readonly lifts?: boolean | undefined;
}

/** Bytes: what an index entry can hold, with room to spare. */
const LONGEST_EXTERNAL_ID = 1_024;

/** Fields that can be any JSON. They bypass class-transformer, which calls the value of a key named "constructor". */
const JSON_FIELDS = ['traits', 'metadata_public', 'metadata_admin'] as const;

/** A body in its declared shape, and warnings about the rest of it. */
export interface ReadBody<T> {
  readonly body: T;
  readonly warnings: readonly string[];
}

/**
 * Reads JSON as the DTO describes it. Null counts as absent, as clients that serialise every field expect.
 * @throws IdentityRefused naming the field; BadRequest for an unknown field that the rule refuses
 */
export function readBody<T extends object>(shape: Type<T>, raw: object, rule: FieldRule): ReadBody<T> {
  const { known, unknown } = knownFields(shape, raw);
  const warnings = warningsFor(unknown, rule);
  const given = Object.fromEntries(Object.entries(known).filter(([, value]) => value !== null));
  const json = JSON_FIELDS.filter((name) => Object.hasOwn(given, name)).map((name) => [name, given[name]] as const);
  for (const name of JSON_FIELDS) delete given[name];
  if (tooWide(given)) throw new IdentityRefused(`The identity cannot be read: ${TOO_WIDE}.`);
  const body = Object.assign(instanceOf(shape, given), Object.fromEntries(json)) as T;
  const problems = validateSync(body, { validationError: { target: false, value: false } });
  if (problems.length > 0) throw new IdentityRefused(`${problems.flatMap((p) => textsOf(p)).join('; ')}.`);
  return { body, warnings };
}

/**
 * Null: none.
 * @throws IdentityRefused
 */
export function readExternalId(given: string | undefined): string | null {
  if (given === undefined || given === '') return null;
  if (Buffer.byteLength(given) > LONGEST_EXTERNAL_ID)
    throw new IdentityRefused(`external_id must not be longer than ${LONGEST_EXTERNAL_ID} bytes.`);
  return given;
}

/** @throws IdentityRefused if both a password and a hash are given */
export function readCredentials(credentials: CredentialsBody | undefined): GivenCredentials {
  const config = credentials?.password?.config;
  const [password, hashedPassword] = [config?.password ?? undefined, config?.hashed_password ?? undefined];
  if (password !== undefined && hashedPassword !== undefined)
    throw new IdentityRefused('credentials.password.config: give either password or hashed_password.');
  const connections = (credentials?.oidc?.config?.providers ?? []).map(({ provider, subject }) => ({
    provider,
    subject,
  }));
  return {
    ...(password === undefined ? {} : { password }),
    ...(hashedPassword === undefined ? {} : { hashedPassword }),
    ...(connections.length === 0 ? {} : { connections }),
  };
}

function instanceOf<T extends object>(shape: Type<T>, given: object): T {
  try {
    return plainToInstance(shape, given);
  } catch {
    throw new IdentityRefused('A field contains a key that is not allowed.');
  }
}

function textsOf({ property, constraints = {}, children = [] }: ValidationError, before = ''): string[] {
  const own = Object.values(constraints).map((text) => `${before}${text}`);
  return [...own, ...children.flatMap((child) => textsOf(child, `${before}${property}.`))];
}
