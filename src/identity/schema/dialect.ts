import { pathText } from '../../platform/json/index.js';
import { isObject, type JsonObject, KEYWORD, MARK } from './keyword.js';
import { re2Trouble } from './re2.js';

/** A schema in the form that the validator takes (draft 7), and its faults, as sentences. */
interface Read {
  readonly schema: JsonObject;
  readonly complaints: readonly string[];
}

type Path = readonly string[];
type Draft = 4 | 6 | 7;

/** Keywords that contain schemas: one schema, a list of them, or one per name. */
const ONE = [
  'additionalItems',
  'additionalProperties',
  'contains',
  'else',
  'if',
  'items',
  'not',
  'propertyNames',
  'then',
];
const LIST = ['allOf', 'anyOf', 'items', 'oneOf'];
const NAMED = ['$defs', 'definitions', 'dependencies', 'patternProperties', 'properties'];

/** The validator supports these, but the drafts that Kratos reads do not have them. */
const NEVER = ['$async', '$schema', 'nullable'];
const SINCE: Readonly<Record<string, Draft>> = { const: 6, contains: 6, propertyNames: 6, if: 7, then: 7, else: 7 };

const SCHEMA = /^https?:\/\/json-schema\.org\/(?:draft-0([467])\/)?schema#?$/;
/** Base URI for relative references of a schema without an `$id`. */
const NOWHERE = 'schema:///schema';

/** Reads a schema of draft 4, 6 or 7 like Kratos: patterns follow RE2, and keywords beside a `$ref` are ignored. */
export function readDialect(raw: JsonObject): Read {
  const draft = draftOf(raw);
  if (draft === undefined) return { schema: raw, complaints: [UNKNOWN_DRAFT] };
  const reader = new Reader(draft);
  const schema = reader.read(raw, [], NOWHERE) as JsonObject;
  return { schema, complaints: [...reader.complaints, ...reader.unresolved()] };
}

const UNKNOWN_DRAFT =
  '"$schema" must be http://json-schema.org/draft-07/schema# (or draft-06, or draft-04): Kratos reads no later draft either';

function draftOf({ $schema = 'http://json-schema.org/schema#' }: JsonObject): Draft | undefined {
  const match = typeof $schema === 'string' ? SCHEMA.exec($schema) : null;
  return match === null ? undefined : (Number(match[1] ?? 7) as Draft);
}

class Reader {
  readonly complaints: string[] = [];
  readonly #ids = new Set<string>();
  readonly #references: { readonly path: Path; readonly target: string }[] = [];

  constructor(private readonly draft: Draft) {}

  read(schema: unknown, path: Path, base: string): unknown {
    if (!isObject(schema)) return schema;
    const within = this.#base(schema, base);
    this.#patterns(schema, path);
    this.#reference(schema['$ref'], path, within);
    const entries = Object.entries(this.#keywords(schema)).map(([key, value]) => [
      key,
      this.#part(key, value, [...path, key], within),
    ]);
    return Object.fromEntries(entries) as JsonObject;
  }

  /** One sentence for all references to other documents. */
  unresolved(): string[] {
    const out = this.#references.filter(({ target }) => !this.#ids.has(target) && !SCHEMA.test(target));
    if (out.length === 0) return [];
    const places = out.map(({ path }) => pathText(path)).join(', ');
    return [
      `"$ref" must begin with #, or be an "$id" in the same document. It is neither at ${places}: ` +
        'other documents are not read. Copy the schema to "definitions" and refer to it as #/definitions/NAME',
    ];
  }

  #part(key: string, value: unknown, path: Path, base: string): unknown {
    if (Array.isArray(value) && LIST.includes(key)) {
      const list = value.map((each, index) => this.read(each, [...path, String(index)], base));
      return key === 'anyOf' ? list.map(tried) : list;
    }
    if (ONE.includes(key)) return this.read(value, path, base);
    if (!NAMED.includes(key) || !isObject(value)) return value;
    const named = Object.entries(value).map(([name, each]) => [name, this.read(each, [...path, name], base)] as const);
    return Object.fromEntries(named);
  }

  /** The keywords that apply, with the names and values of draft 7. */
  #keywords(schema: JsonObject): JsonObject {
    const given = Object.entries(schema).filter(([key]) => !NEVER.includes(key) && (SINCE[key] ?? 4) <= this.draft);
    const keywords: Record<string, unknown> = Object.fromEntries(given);
    // Keywords beside a reference don't apply. The validator ignores all of them except this one by itself.
    if (typeof keywords['$ref'] === 'string') delete keywords['type'];
    if (this.draft === 4) {
      if (typeof keywords['id'] === 'string') keywords['$id'] = keywords['id'];
      exclusive(keywords, 'minimum', 'exclusiveMinimum');
      exclusive(keywords, 'maximum', 'exclusiveMaximum');
    }
    delete keywords['id'];
    if (keywords[KEYWORD] !== undefined) keywords[MARK] = true;
    return keywords;
  }

  #base(schema: JsonObject, base: string): string {
    const id = schema[this.draft === 4 ? 'id' : '$id'];
    if (typeof id !== 'string' || !URL.canParse(id, base)) return base;
    const { href } = new URL(id, base);
    this.#ids.add(withoutFragment(href)).add(href);
    return href;
  }

  #reference(reference: unknown, path: Path, base: string): void {
    if (typeof reference !== 'string' || reference.startsWith('#')) return;
    const { href } = URL.canParse(reference, base) ? new URL(reference, base) : { href: reference };
    this.#references.push({ path, target: withoutFragment(href) });
  }

  #patterns(schema: JsonObject, path: Path): void {
    const { pattern, patternProperties } = schema;
    if (typeof pattern === 'string') this.#pattern(pattern, [...path, 'pattern']);
    if (isObject(patternProperties))
      for (const name of Object.keys(patternProperties)) this.#pattern(name, [...path, 'patternProperties', name]);
  }

  #pattern(pattern: string, path: Path): void {
    const trouble = re2Trouble(pattern);
    if (trouble !== undefined)
      this.complaints.push(
        `is not a valid JSON schema: ${pathText(path)} does not follow RE2 syntax, which Kratos uses: ${trouble}`,
      );
  }
}

/**
 * A schema that accepts everything would make the validator skip earlier branches, and with them what they say about
 * the value.
 */
function tried(schema: unknown): unknown {
  if (schema === true) return { [MARK]: true };
  return isObject(schema) ? { ...schema, [MARK]: true } : schema;
}

/** Draft 4 has a flag where later drafts have the bound itself. */
function exclusive(keywords: Record<string, unknown>, bound: string, flag: string): void {
  if (typeof keywords[flag] !== 'boolean') return;
  const excluded = keywords[flag];
  delete keywords[flag];
  if (!excluded || keywords[bound] === undefined) return;
  keywords[flag] = keywords[bound];
  delete keywords[bound];
}

const withoutFragment = (url: string): string => url.split('#')[0]!;
