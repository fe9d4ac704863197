import type { Type } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { type ValidationError, validateSync } from 'class-validator';
import type { CredentialsBody } from './identity.dto.js';
import { IdentityRefused } from './identity.errors.js';

/** A password that an administrator gives: at most one of the two, in clear text or hashed elsewhere. */
export interface GivenPassword {
  readonly password?: string | undefined;
  readonly hashedPassword?: string | undefined;
}

/** Bytes: what an index entry can hold, with room to spare. */
const LONGEST_EXTERNAL_ID = 1_024;

/** Any JSON: kept away from class-transformer, which calls what a key named "constructor" holds. */
const JSON_FIELDS = ['traits', 'metadata_public', 'metadata_admin'] as const;

/**
 * JSON as the DTO describes it. Null is as good as absent, as clients that serialise every field expect.
 * @throws IdentityRefused that names the field; a field that nobody knows is one too
 */
export function readBody<T extends object>(shape: Type<T>, raw: object): T {
  const given = Object.fromEntries(Object.entries(raw).filter(([, value]) => value !== null));
  const json = JSON_FIELDS.filter((name) => Object.hasOwn(given, name)).map((name) => [name, given[name]] as const);
  for (const name of JSON_FIELDS) delete given[name];
  const body = Object.assign(instanceOf(shape, given), Object.fromEntries(json)) as T;
  const problems = validateSync(body, {
    whitelist: true,
    forbidNonWhitelisted: true,
    validationError: { target: false, value: false },
  });
  if (problems.length > 0) throw new IdentityRefused(`${problems.flatMap((p) => textsOf(p)).join('; ')}.`);
  return body;
}

/** Null: none. @throws IdentityRefused */
export function readExternalId(given: string | undefined): string | null {
  if (given === undefined || given === '') return null;
  if (Buffer.byteLength(given) > LONGEST_EXTERNAL_ID)
    throw new IdentityRefused(`external_id must not be longer than ${LONGEST_EXTERNAL_ID} bytes.`);
  return given;
}

/** @throws IdentityRefused where both are given */
export function readPassword(credentials: CredentialsBody | undefined): GivenPassword {
  const { password, hashed_password: hashedPassword } = credentials?.password?.config ?? {};
  if (password !== undefined && hashedPassword !== undefined)
    throw new IdentityRefused('credentials.password.config: give either password or hashed_password.');
  return {
    ...(password === undefined ? {} : { password }),
    ...(hashedPassword === undefined ? {} : { hashedPassword }),
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
  const path = `${before}${property}`;
  const own = Object.entries(constraints).map(([rule, text]) =>
    rule === 'whitelistValidation' ? `unknown field "${path}"` : `${before}${text}`,
  );
  return [...own, ...children.flatMap((child) => textsOf(child, `${path}.`))];
}
