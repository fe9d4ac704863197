import { Injectable } from '@nestjs/common';
import type { ErrorObject } from 'ajv';
import { Configuration, ConfigurationError, type Problem, type SchemaDocument } from '../../config/index.js';
import { withDoubles } from '../../platform/json/index.js';
import { IdentityRefused, TraitsInvalid } from '../identity.errors.js';
import { extract, type Extracted } from './addresses-of.js';
import { addressFormat, isReachable } from './address-formats.js';
import { readDialect } from './dialect.js';
import { TooMuchToCheck } from './effort.js';
import { identifiesPasswords, isObject, MARK, unsupported, withoutEffect } from './keyword.js';
import { type TraitShape, traitShape } from './trait-fields.js';
import { unreached } from './unreached.js';
import { faultsOf, type Met, type Validator, validatorOf, type Verdict, viasOf } from './validator.js';
import { addressViolation, segments, type Violation, violation, violationsOf } from './violations.js';

interface Schema {
  readonly document: SchemaDocument;
  readonly validator: Validator;
  readonly shape: TraitShape;
  /** occurrences of the keyword that the validator never reaches */
  readonly unreached: readonly string[];
}

/** Bytes of a normalized identifier or address: what an index entry can hold, with room to spare. */
const LONGEST_IDENTIFIER = 1_024;

const MAIL_ONLY =
  ' Messages are sent by mail only; a person without a mail address can only be recovered with a link or code from an administrator.';

/** The identity schemas, compiled at start. An invalid one stops the start. */
@Injectable()
export class SchemaRegistry {
  readonly #schemas: ReadonlyMap<string, Schema>;
  readonly #defaultId: string;

  /** @throws ConfigurationError naming every invalid schema by its id */
  constructor(configuration: Configuration) {
    const problems: Problem[] = [];
    const compiled = configuration.schemas.map((document) => compile(document, problems));
    if (problems.length > 0) throw new ConfigurationError(problems);
    this.#schemas = new Map(compiled.filter((schema) => schema !== undefined).map((s) => [s.document.id, s]));
    this.#defaultId = configuration.identity.default_schema_id;
  }

  /**
   * Warnings for the operator about the schemas, as sentences.
   * @param passwords whether people sign in with passwords
   */
  warnings({ passwords }: { passwords: boolean }): string[] {
    const warnings = [this.withoutEffect(), passwords ? this.withoutPasswords() : undefined];
    return warnings.filter((warning) => warning !== undefined);
  }

  /** Settings in the schemas that have no effect in Regain, as one sentence; undefined if there are none. */
  withoutEffect(): string | undefined {
    const found = [...this.#schemas.values()].flatMap(({ document: { id, raw }, unreached: places }) => {
      const names = [...withoutEffect(raw), ...places.map((place) => `"ory.sh/kratos" at ${place}`)];
      return names.length > 0 ? [`${id} (${names.join(', ')})`] : [];
    });
    if (found.length === 0) return undefined;
    const bySms = found.some((each) => each.includes('sms'));
    return `identity schemas contain settings that have no effect here: ${found.join('; ')}.${bySms ? MAIL_ONLY : ''}`;
  }

  /** The schemas that leave nobody a way to sign in with a password, as one sentence; undefined if there are none. */
  withoutPasswords(): string | undefined {
    const found = this.documents().filter(({ raw }) => !identifiesPasswords(raw));
    if (found.length === 0) return undefined;
    const ids = found.map(({ id }) => id).join(', ');
    return `nobody can set a password or sign in with one under these identity schemas: ${ids}. None of their traits has "ory.sh/kratos".credentials.password.identifier: true.`;
  }

  /**
   * Whether any trait is a password identifier. True for a schema that is no longer configured, because it may have had
   * one.
   */
  takesPasswords(id: string): boolean {
    const document = this.document(id);
    return document === undefined || identifiesPasswords(document.raw);
  }

  /** In the order of the configuration. */
  documents(): SchemaDocument[] {
    return [...this.#schemas.values()].map(({ document }) => document);
  }

  document(id: string): SchemaDocument | undefined {
    return this.#schemas.get(id)?.document;
  }

  /**
   * The given id, or the default.
   * @throws IdentityRefused if no schema has the id
   */
  resolveId(id: string | undefined): string {
    const resolved = id === undefined || id === '' ? this.#defaultId : id;
    if (!this.#schemas.has(resolved)) throw new IdentityRefused(`Unable to find JSON Schema ID: ${resolved}`);
    return resolved;
  }

  shape(id: string): TraitShape {
    return this.#schema(id).shape;
  }

  /**
   * The identifiers and addresses in the traits.
   * @throws TraitsInvalid
   */
  check(id: string, traits: Record<string, unknown>): Extracted {
    const { validator } = this.#schema(id);
    const subject = { traits: withDoubles(traits) };
    const { errors, met } = judged(validator, subject);
    if (errors.length > 0) throw new TraitsInvalid(violations(errors, met, subject));
    const extracted = extract(met, { traits });
    const found = [...Object.values(extracted.identifiers).flat(), ...extracted.recovery, ...extracted.verification];
    const tooLong = found.find(({ normalized }) => Buffer.byteLength(normalized) > LONGEST_IDENTIFIER);
    if (tooLong)
      throw new TraitsInvalid([violation(tooLong.path, `must not be longer than ${LONGEST_IDENTIFIER} bytes`)]);
    return extracted;
  }

  /** Stored identities can refer to a schema that is no longer configured. */
  #schema(id: string): Schema {
    const schema = this.#schemas.get(this.resolveId(id));
    if (schema === undefined) throw new IdentityRefused(`Unable to find JSON Schema ID: ${id}`);
    return schema;
  }
}

/** @throws TraitsInvalid */
function judged(validator: Validator, subject: object): Verdict {
  try {
    return validator.validate(subject);
  } catch (error) {
    throw error instanceof TooMuchToCheck ? new TraitsInvalid([violation(['traits'], error.message)]) : error;
  }
}

function compile(document: SchemaDocument, problems: Problem[]): Schema | undefined {
  const path = `identity.schemas (id ${document.id})`;
  const { schema, complaints: unread } = readDialect(withDoubles(document.raw));
  const complaints = [...new Set([...unsupported(document.raw), ...unread])];
  if (!traitsObject(document.raw)) complaints.push('must describe the object "traits" under "properties"');
  try {
    if (complaints.length === 0) {
      const validator = validatorOf(schema);
      return { document, validator, shape: traitShape(schema), unreached: unreached(schema, validator) };
    }
    const faults = '$schema' in schema ? undefined : faultsOf(schema); // with an unknown draft, only that is reported
    if (faults !== undefined) complaints.push(`${INVALID}: ${faults}`);
  } catch (error) {
    complaints.push(`${INVALID}: ${whyInvalid(error)}`);
  }
  problems.push(...complaints.map((message) => ({ path, message })));
  return undefined;
}

const INVALID = 'is not a valid JSON schema';

/** A cycle of references makes the compiler recurse without end. */
function whyInvalid(error: unknown): string {
  if (error instanceof RangeError) return 'a "$ref" leads back to itself';
  return error instanceof Error ? error.message : 'unknown';
}

function traitsObject(schema: Readonly<Record<string, unknown>>): boolean {
  return isObject(schema['properties']) && isObject(schema['properties']['traits']);
}

/** The rules that the traits break. An unreachable address is reported only if nothing else is wrong with the value. */
function violations(errors: readonly ErrorObject[], met: readonly Met[], subject: object): Violation[] {
  const rules = errors.filter(({ keyword }) => keyword !== MARK);
  const pointers = new Set(errors.filter(({ keyword }) => keyword === MARK).map(({ instancePath }) => instancePath));
  for (const { instancePath } of rules) pointers.delete(instancePath);
  const addresses = met.flatMap(({ pointer, value, purpose }) => {
    const via = pointers.has(pointer) ? viasOf(purpose).find((each) => !isReachable(value, each)) : undefined;
    if (via === undefined) return [];
    pointers.delete(pointer);
    return [addressViolation(segments(pointer), String(value), addressFormat(via))];
  });
  return [...violationsOf(rules, subject), ...addresses];
}
