import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import ajvFormats from 'ajv-formats';

export interface Schema {
  $ref?: string;
  type?: string | string[];
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  items?: Schema;
  allOf?: Schema[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  enum?: unknown[];
  example?: unknown;
  [keyword: string]: unknown;
}
interface Content {
  schema?: Schema;
}
interface Answer {
  description: string;
  headers?: Record<string, { schema?: Schema }>;
  content?: Record<string, Content>;
}
export interface Parameter {
  $ref?: string;
  name: string;
  in: string;
  required?: boolean;
  schema?: Schema;
  example?: unknown;
}
export interface Operation {
  operationId?: string;
  summary?: string;
  tags?: string[];
  security?: Record<string, string[]>[];
  parameters?: Parameter[];
  requestBody?: { content: Record<string, Content> };
  responses: Record<string, Answer>;
}
export interface Document {
  openapi: string;
  tags: { name: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: {
    schemas: Record<string, Schema>;
    parameters: Record<string, Parameter>;
    securitySchemes: Record<string, unknown>;
  };
}

const METHODS = new Set(['get', 'put', 'post', 'delete', 'patch', 'head', 'options', 'trace']);

/** Every operation with its name, such as `POST /admin/recovery/link`. */
export function operationsOf(document: Document): { name: string; path: string; operation: Operation }[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([method]) => METHODS.has(method))
      .map(([method, operation]) => ({ name: `${method.toUpperCase()} ${path}`, path, operation })),
  );
}

/** Every schema of the document by JSON pointer, including nested ones. */
export function schemasOf(document: Document): { at: string; schema: Schema }[] {
  const found: { at: string; schema: Schema }[] = [];
  const visit = (value: unknown, at: string, isSchema: boolean): void => {
    if (value === null || typeof value !== 'object') return;
    if (isSchema) found.push({ at, schema: value as Schema });
    for (const [key, inner] of Object.entries(value)) {
      if (key === 'example' || key === 'enum' || key === 'default') continue;
      const place = `${at}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
      if (['properties', 'schemas'].includes(key) || (isSchema && ['allOf', 'anyOf', 'oneOf'].includes(key))) {
        for (const [name, schema] of Object.entries(inner as object)) visit(schema, `${place}/${name}`, true);
      } else visit(inner, place, key === 'schema' || (isSchema && ['items', 'additionalProperties'].includes(key)));
    }
  };
  visit(document, '#', false);
  return found;
}

/** Compiles schemas of the document. Objects may only contain fields that their schema names. */
export class DocumentSchemas {
  readonly #ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: true });

  constructor(document: Document) {
    ajvFormats.default(this.#ajv);
    const closed = structuredClone(document);
    for (const { schema } of schemasOf(closed)) {
      if (schema.properties !== undefined && schema.additionalProperties === undefined) {
        schema.additionalProperties = false;
      }
    }
    this.#ajv.addSchema(closed, 'openapi.json');
  }

  /** @param pointer `#/components/schemas/identity` */
  at(pointer: string): ValidateFunction {
    const encoded = pointer.slice(2).split('/').map(encodeURIComponent).join('/');
    return this.#ajv.compile({ $ref: `openapi.json#/${encoded}` });
  }

  /** The mismatches between a value and a schema; empty if it fits. */
  complaints(pointer: string, value: unknown): string[] {
    const validate = this.at(pointer);
    if (validate(value)) return [];
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) => `${instancePath || '(root)'} ${message} ${JSON.stringify(params)}`,
    );
  }
}
