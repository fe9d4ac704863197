import { Injectable } from '@nestjs/common';
import { Ajv, type Options, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import { Configuration, ConfigurationError, type Problem, type SchemaDocument } from '../../config/index.js';
import { withDoubles } from '../../platform/json/index.js';
import { IdentityRefused, TraitsInvalid } from '../identity.errors.js';
import { extract, type Extracted } from './addresses-of.js';
import { isObject, unsupported, withoutEffect } from './keyword.js';
import { type TraitShape, traitShape } from './trait-fields.js';
import { addressViolation, violation, violationsOf } from './violations.js';

interface Schema {
  readonly document: SchemaDocument;
  readonly validate: ValidateFunction;
  readonly shape: TraitShape;
}

/** Bytes of an identifier or address as compared: what an index entry can hold, with room to spare. */
const LONGEST_IDENTIFIER = 1_024;

const MAIL_ONLY =
  ' Messages go out by mail only; who has no address for mail is recovered with a link or code that an administrator makes.';

/** The identity schemas, compiled at the start. A broken one stops it. */
@Injectable()
export class SchemaRegistry {
  readonly #schemas: ReadonlyMap<string, Schema>;
  readonly #defaultId: string;

  /** @throws ConfigurationError that names every broken schema by its id */
  constructor(configuration: Configuration) {
    const problems: Problem[] = [];
    const compiled = configuration.schemas.map((document) => compile(document, problems));
    if (problems.length > 0) throw new ConfigurationError(problems);
    this.#schemas = new Map(compiled.filter((schema) => schema !== undefined).map((s) => [s.document.id, s]));
    this.#defaultId = configuration.identity.default_schema_id;
  }

  /** What schemas ask for and nothing here does, as one sentence; undefined where there is nothing of the kind. */
  withoutEffect(): string | undefined {
    const found = this.documents().flatMap(({ id, raw }) => {
      const names = withoutEffect(raw);
      return names.length > 0 ? [`${id} (${names.join(', ')})`] : [];
    });
    if (found.length === 0) return undefined;
    const bySms = found.some((each) => each.includes('sms'));
    return `identity schemas ask for what has no effect here: ${found.join('; ')}.${bySms ? MAIL_ONLY : ''}`;
  }

  /** In the order of the configuration. */
  documents(): SchemaDocument[] {
    return [...this.#schemas.values()].map(({ document }) => document);
  }

  document(id: string): SchemaDocument | undefined {
    return this.#schemas.get(id)?.document;
  }

  /** The id that counts when none is given. @throws IdentityRefused for an id that no schema has */
  resolveId(id: string | undefined): string {
    const resolved = id === undefined || id === '' ? this.#defaultId : id;
    if (!this.#schemas.has(resolved)) throw new IdentityRefused(`Unable to find JSON Schema ID: ${resolved}`);
    return resolved;
  }

  shape(id: string): TraitShape {
    return this.#schema(id).shape;
  }

  /** What the traits say about sign-in and addresses. @throws TraitsInvalid */
  check(id: string, traits: Record<string, unknown>): Extracted {
    const { document, validate } = this.#schema(id);
    const subject = { traits: withDoubles(traits) };
    if (!validate(subject)) throw new TraitsInvalid(violationsOf(validate.errors ?? [], subject));
    const extracted = extract(document.raw, subject);
    const { code = [], ...others } = extracted.identifiers;
    const addresses = [...code, ...extracted.recovery, ...extracted.verification];
    const tooLong = [...Object.values(others).flat(), ...addresses].find(
      ({ normalized }) => Buffer.byteLength(normalized) > LONGEST_IDENTIFIER,
    );
    if (tooLong)
      throw new TraitsInvalid([violation(tooLong.path, `must not be longer than ${LONGEST_IDENTIFIER} bytes`)]);
    const nowhere = addresses.find(({ value, via }) => !IS_ADDRESS[via](value));
    if (nowhere)
      throw new TraitsInvalid([addressViolation(nowhere.path, nowhere.value, nowhere.via === 'sms' ? 'tel' : 'email')]);
    return extracted;
  }

  /** Rows may outlive the configuration that made them. */
  #schema(id: string): Schema {
    const schema = this.#schemas.get(this.resolveId(id));
    if (schema === undefined) throw new IdentityRefused(`Unable to find JSON Schema ID: ${id}`);
    return schema;
  }
}

function compile(document: SchemaDocument, problems: Problem[]): Schema | undefined {
  const path = `identity.schemas (id ${document.id})`;
  const complaints = [...new Set(unsupported(document.raw))];
  if (!traitsObject(document.raw)) complaints.push('must describe the object "traits" under "properties"');
  try {
    const validate = newAjv().compile(document.raw);
    if (complaints.length === 0) return { document, validate, shape: traitShape(document.raw) };
  } catch (error) {
    complaints.push(`is not a valid JSON schema: ${error instanceof Error ? error.message : 'unknown'}`);
  }
  problems.push(...complaints.map((message) => ({ path, message })));
  return undefined;
}

function traitsObject(schema: Readonly<Record<string, unknown>>): boolean {
  return isObject(schema['properties']) && isObject(schema['properties']['traits']);
}

/** One for each schema: two documents may carry the same $id. What every object inherits is no trait: `constructor` can be missing. */
function newAjv(options: Options = {}): Ajv {
  const ajv = new Ajv({ allErrors: true, strict: false, logger: false, ownProperties: true, ...options });
  formats.default(ajv);
  ajv.addFormat('tel', /^\+?[0-9][0-9 ()./-]{2,38}$/);
  return ajv;
}

/** These two are ours, and need not be looked over themselves. */
const addresses = newAjv({ meta: false, validateSchema: false });
const IS_ADDRESS = {
  email: addresses.compile({ type: 'string', format: 'email' }),
  sms: addresses.compile({ type: 'string', format: 'tel' }),
};
