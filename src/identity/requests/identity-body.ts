import type { Type } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { type ValidationError, validateSync } from 'class-validator';
import { type FieldRule, knownFields, TOO_WIDE, tooWide, warningsFor } from '../../platform/http/index.js';
import type { StoredConnection } from '../credentials/connection.js';
import type { CredentialsBody } from '../identity.dto.js';
import { IdentityRefused } from '../identity.errors.js';

/** What an administrator gives to sign in with: a password in clear text or hashed elsewhere, connected accounts. */
export interface GivenCredentials {
  readonly password?: string | undefined;
  readonly hashedPassword?: string | undefined;
  readonly connections?: readonly StoredConnection[];
  /** a different password lifts a containment, too */
  readonly lifts?: boolean | undefined;
}

/** Bytes: what an index entry can hold, with room to spare. */
const LONGEST_EXTERNAL_ID = 1_024;

/** Any JSON: kept away from class-transformer, which calls what a key named "constructor" holds. */
const JSON_FIELDS = ['traits', 'metadata_public', 'metadata_admin'] as const;

/** A body as its shape describes it, and what the caller should know about the rest of it. */
export interface ReadBody<T> {
  readonly body: T;
  readonly warnings: readonly string[];
}

/**
 * JSON as the DTO describes it. Null is as good as absent, as clients that serialise every field expect.
 * @throws IdentityRefused that names the field; BadRequest for an unknown one that the rule refuses
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

/** Null: none. @throws IdentityRefused */
export function readExternalId(given: string | undefined): string | null {
  if (given === undefined || given === '') return null;
  if (Buffer.byteLength(given) > LONGEST_EXTERNAL_ID)
    throw new IdentityRefused(`external_id must not be longer than ${LONGEST_EXTERNAL_ID} bytes.`);
  return given;
}

/** @throws IdentityRefused where a password is given in both ways */
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
    throw new IdentityRefused('A field holds a key that is not allowed.');
  }
}

function textsOf({ property, constraints = {}, children = [] }: ValidationError, before = ''): string[] {
  const own = Object.values(constraints).map((text) => `${before}${text}`);
  return [...own, ...children.flatMap((child) => textsOf(child, `${before}${property}.`))];
}
