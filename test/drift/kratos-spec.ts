import { type Document, type Operation, operationsOf, type Parameter, type Schema } from '../support/openapi.js';

/** The type of a property. */
type Value = string | { readonly schema: string } | { readonly items: Value } | { readonly enum: readonly string[] };

interface Type {
  readonly properties?: Readonly<Record<string, Value>>;
  readonly required?: readonly string[];
  readonly enum?: readonly string[];
  readonly oneOf?: readonly string[];
}

/** The content of kratos-spec.json, which make-kratos-spec.mjs generates. */
export interface KratosFacts {
  readonly source: string;
  readonly operations: Readonly<
    Record<
      string,
      {
        readonly operationId: string;
        /** path parameters have no name, because it isn't on the wire */
        readonly parameters: readonly { readonly name?: string; readonly in: string; readonly required: boolean }[];
        readonly body?: string;
        /** name of the schema, with `[]` for a list; null if the body isn't described */
        readonly responses: Readonly<Record<string, string | null>>;
      }
    >
  >;
  readonly schemas: Readonly<Record<string, Type>>;
}

type Side = 'asked' | 'answered';

/** What Kratos' document has and ours lacks: one line each, sorted, without duplicates. */
export function missingFrom(document: Document, facts: KratosFacts): string[] {
  return new Comparison(document, facts).run();
}

class Comparison {
  readonly #found = new Set<string>();
  readonly #seen = new Set<string>();

  constructor(
    private readonly document: Document,
    private readonly facts: KratosFacts,
  ) {}

  run(): string[] {
    const ours = new Map(operationsOf(this.document).map(({ name, operation }) => [shapeOf(name), operation]));
    for (const [name, theirs] of Object.entries(this.facts.operations)) {
      const operation = ours.get(shapeOf(name));
      if (operation === undefined) this.#found.add(name);
      else this.#operation(name, theirs, operation);
    }
    return [...this.#found].sort();
  }

  #operation(name: string, theirs: KratosFacts['operations'][string], ours: Operation): void {
    if (ours.operationId !== theirs.operationId) this.#found.add(`${name} operationId ${theirs.operationId}`);
    const parameters = (ours.parameters ?? []).map((each) => this.#parameter(each));
    for (const parameter of theirs.parameters.filter((each) => each.name !== undefined)) {
      const same = parameters.find((each) => each.in === parameter.in && sameName(each.name, parameter.name, each.in));
      if (!same) this.#found.add(`${name} ${parameter.in} ${parameter.name}`);
      else if (same.required === true && !parameter.required)
        this.#found.add(`${name} ${parameter.in} ${parameter.name} optional`);
    }
    for (const { in: place, name: own, required } of parameters)
      if (required === true && place !== 'path' && !theirs.parameters.some((each) => each.name === own))
        this.#found.add(`${name} without ${place} ${own}`);
    if (theirs.body !== undefined) this.#body(`${name} body`, theirs.body, ours.requestBody?.content, 'asked');
    for (const [status, schema] of Object.entries(theirs.responses)) {
      const answer = ours.responses[status];
      if (answer === undefined) this.#found.add(`${name} ${status}`);
      else if (schema !== null) this.#body(`${name} ${status}`, schema, answer.content, 'answered');
    }
  }

  #body(at: string, name: string, content: Record<string, { schema?: Schema }> = {}, side: Side): void {
    const schema = content['application/json']?.schema;
    if (schema === undefined) return void this.#found.add(`${at} body`);
    const [inner, list] = name.endsWith('[]') ? [name.slice(0, -2), true] : [name, false];
    this.#value(at, list ? { items: { schema: inner } } : { schema: inner }, schema, side);
  }

  #value(at: string, theirs: Value, given: Schema, side: Side): void {
    const parts = this.#alternatives(given);
    if (typeof theirs === 'string') {
      if (!fits(theirs, parts)) this.#found.add(`${at} is ${theirs}`);
    } else if ('enum' in theirs) this.#enum(at, theirs.enum, parts);
    else if ('items' in theirs) {
      const lists = parts.flatMap(({ items }) => (items === undefined ? [] : [items]));
      if (lists.length === 0) this.#found.add(`${at} is a list`);
      for (const items of lists) this.#value(`${at}`, theirs.items, items, side);
    } else this.#type(theirs.schema, parts, side, at);
  }

  /** Names gaps by schema, so that each is reported once, wherever it appears. */
  #type(name: string, parts: readonly Schema[], side: Side, at: string, oneOfSeveral = false): void {
    const type = this.facts.schemas[name];
    if (type === undefined) return;
    const key = `${name} ${side} ${parts.map((part) => JSON.stringify(Object.keys(part.properties ?? part))).join()}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    if (type.enum) return this.#enum(name, type.enum, parts);
    for (const member of type.oneOf ?? []) this.#type(member, parts, side, at, true);
    const open = parts.some((part) => part.properties === undefined && part.additionalProperties !== undefined);
    for (const [property, value] of Object.entries(type.properties ?? {})) {
      const own = parts.map(({ properties }) => properties?.[property]).filter((found) => found !== undefined);
      if (own.length > 0) this.#value(`${name}.${property}`, value, one(own), side);
      else if (!open) this.#found.add(`${name}.${property}`);
    }
    if (type.properties === undefined || parts.length !== 1 || oneOfSeveral) return;
    const [needed = [], theirs = []] = [parts[0]?.['required'] as string[] | undefined, type.required];
    const [more, less, word] = side === 'asked' ? [needed, theirs, 'optional'] : [theirs, needed, 'required'];
    for (const property of more.filter((each) => !less.includes(each) && has(parts[0], each)))
      this.#found.add(`${name}.${property} ${word}`);
  }

  /** A schema without a list of values accepts all. */
  #enum(at: string, values: readonly string[], parts: readonly Schema[]): void {
    if (parts.some((part) => part.enum === undefined && part['const'] === undefined)) return;
    const ours = new Set(parts.flatMap((part) => part.enum ?? [part['const']]));
    for (const value of values.filter((each) => !ours.has(each))) this.#found.add(`${at} ${value}`);
  }

  #parameter(given: Parameter): Parameter {
    if (given.$ref === undefined) return given;
    return this.document.components.parameters[given.$ref.split('/').at(-1)!]!;
  }

  /** The schema with references resolved; several entries for alternatives. */
  #alternatives(schema: Schema): Schema[] {
    if (schema.$ref !== undefined)
      return this.#alternatives(this.document.components.schemas[schema.$ref.split('/').at(-1)!] ?? {});
    const { allOf, ...own } = schema;
    if (allOf) {
      const all = [own, ...allOf.flatMap((part) => this.#alternatives(part))];
      return [{ ...Object.assign({}, ...all), properties: Object.assign({}, ...all.map((part) => part.properties)) }];
    }
    const several = schema.oneOf ?? schema.anyOf;
    return several ? several.flatMap((part) => this.#alternatives(part)) : [schema];
  }
}

const one = (schemas: readonly Schema[]): Schema => (schemas.length === 1 ? schemas[0]! : { anyOf: [...schemas] });
const has = (schema: Schema | undefined, name: string): boolean => schema?.properties?.[name] !== undefined;
const shapeOf = (name: string): string => name.replaceAll(/\{[^}]*\}/g, '{}');
const sameName = (one: string, other: string | undefined, place: string): boolean =>
  place === 'header' ? one.toLowerCase() === other?.toLowerCase() : one === other;

function fits(theirs: string, parts: readonly Schema[]): boolean {
  if (theirs === 'any') return true;
  return parts.some(({ type, properties, enum: values }) => {
    const types = [type ?? (properties ? 'object' : [])].flat();
    if (types.length === 0) return values === undefined || values.some((value) => typeof value === theirs);
    return types.includes(theirs) || (theirs === 'number' && types.includes('integer'));
  });
}
