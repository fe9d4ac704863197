import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import ajvFormats from 'ajv-formats';
import { beforeAll, describe, expect, test } from 'vitest';
import { openApiText } from '../../src/cli/openapi.js';
import { type Document, DocumentSchemas, operationsOf, schemasOf } from '../support/openapi.js';

let text: string;
let document: Document;
beforeAll(async () => {
  text = await openApiText();
  document = JSON.parse(text) as Document;
});

const copy = (): Document => structuredClone(document);

describe('openapi.json', () => {
  test('matches the sources; if not, run `npm run openapi` and commit it', () => {
    const committed = readFileSync(resolve('openapi.json'), 'utf8');
    expect(JSON.parse(committed)).toEqual(document);
    expect(committed).toBe(text);
  });

  test('is valid OpenAPI 3.1', async () => {
    expect(document.openapi).toMatch(/^3\.1\./);
    expect(await new Validator().validate({ ...copy() })).toMatchObject({ valid: true });
    const faulty = copy();
    faulty.paths['/admin/recovery/link']!['post']!.responses['200'] = { content: {} } as never;
    expect(await new Validator().validate({ ...faulty })).toMatchObject({ valid: false });
  });

  test('contains valid JSON Schema 2020-12', () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: true });
    ajvFormats.default(ajv);
    const wrong = (given: Document): string[] =>
      schemasOf(given)
        .filter(({ schema }) => ajv.validateSchema(schema) !== true)
        .map(({ at }) => at);
    expect(wrong(document)).toEqual([]);
    const faulty = copy();
    faulty.components.schemas['identity']!.properties!['id']!.type = 'txt';
    expect(wrong(faulty)).toContain('#/components/schemas/identity/properties/id');
  });
});

describe('every operation', () => {
  const nameless = (given: Document): string[] =>
    operationsOf(given)
      .filter(({ operation: { operationId, summary, tags = [] } }) => {
        const known = tags.length === 1 && given.tags.some(({ name }) => name === tags[0]);
        return !operationId || !summary || !known;
      })
      .map(({ name }) => name);

  test('has a unique id, a summary and one of the listed tags', () => {
    expect(nameless(document)).toEqual([]);
    const ids = operationsOf(document).map(({ operation }) => operation.operationId);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    expect(ids.length).toBeGreaterThan(30);
    const faulty = copy();
    delete faulty.paths['/admin/recovery/link']!['post']!.summary;
    expect(nameless(faulty)).toEqual(['POST /admin/recovery/link']);
  });

  test('requires the access token below /admin, except for probes', () => {
    const open = operationsOf(document)
      .filter(
        ({ path, operation: { security = [] } }) => path.startsWith('/admin') && !('bearer' in (security[0] ?? {})),
      )
      .map(({ name }) => name);
    expect(open.sort()).toEqual(['GET /admin/health/alive', 'GET /admin/health/ready', 'GET /admin/version']);
    const schemes = operationsOf(document).flatMap(({ operation: { security = [] } }) => security.flatMap(Object.keys));
    expect(schemes.filter((scheme) => !(scheme in document.components.securitySchemes))).toEqual([]);
  });

  test('lists each parameter once, with a schema, including those in the path', () => {
    const wrong = operationsOf(document).filter(({ path, operation: { parameters = [] } }) => {
      const own = parameters.filter(({ $ref }) => $ref === undefined);
      const names = own.map((parameter) => `${parameter.in} ${parameter.name}`);
      const inPath = [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => `path ${name}`);
      const described = names.filter((name) => name.startsWith('path '));
      return new Set(names).size !== names.length || inPath.join() !== described.join() || own.some((p) => !p.schema);
    });
    expect(wrong.map(({ name }) => name)).toEqual([]);
  });

  test('describes a success, and errors with a body', () => {
    const wrong = operationsOf(document).flatMap(({ name, operation: { responses } }) => {
      const statuses = Object.keys(responses);
      const success = statuses.some((status) => /^[23]/.test(status));
      const mute = statuses.filter((status) => {
        const [content] = Object.values(responses[status]!.content ?? {});
        const needsNone = status === '204' || status.startsWith('3');
        return !needsNone && content?.schema === undefined;
      });
      return success && statuses.includes('default') && mute.length === 0 ? [] : [`${name}: ${mute.join()}`];
    });
    expect(wrong).toEqual([]);
  });

  test('accepts forms as JSON and form data; provider callbacks only as form data', () => {
    const posts = operationsOf(document).filter(({ name }) => name.startsWith('POST /self-service/'));
    const types = posts.map(({ name, operation }) => [name, Object.keys(operation.requestBody?.content ?? {})]);
    const both = ['application/json', 'application/x-www-form-urlencoded'];
    expect(types.sort()).toEqual([
      ['POST /self-service/login', both],
      ['POST /self-service/methods/oidc/callback/{provider}', ['application/x-www-form-urlencoded']],
      ['POST /self-service/recovery', both],
      ['POST /self-service/settings', both],
    ]);
  });
});

describe('every schema', () => {
  test('is not empty', () => {
    const SAYS = ['$ref', 'type', 'allOf', 'anyOf', 'oneOf', 'enum'];
    const mute = schemasOf(document).filter(({ schema }) => {
      const shapeless =
        schema.type === 'object' && schema.properties === undefined && schema.additionalProperties === undefined;
      return shapeless || !SAYS.some((keyword) => keyword in schema);
    });
    expect(mute.map(({ at }) => at)).toEqual([]);
  });

  test('has an example if it is a plain value', () => {
    const plain = Object.entries(document.components.schemas).flatMap(([name, { properties = {} }]) =>
      Object.entries(properties)
        .filter(([, schema]) => schema.example === undefined && !JSON.stringify(schema).includes('"$ref"'))
        .map(([property]) => `${name}.${property}`),
    );
    expect(plain).toEqual([]);
  });

  test('has valid examples', () => {
    const wrong = (given: Document): string[] => {
      const schemas = new DocumentSchemas(given);
      const ofSchemas = schemasOf(given)
        .filter(({ schema }) => 'example' in schema)
        .flatMap(({ at, schema }) => schemas.complaints(at, schema.example).map((complaint) => `${at}: ${complaint}`));
      const ofParameters = operationsOf(given).flatMap(({ name, operation: { parameters = [] } }) =>
        parameters
          .filter(({ example }) => example !== undefined)
          .filter(
            ({ schema, example }) =>
              new Ajv2020({ strict: false, formats: FORMATS }).validate(schema!, example) !== true,
          )
          .map((parameter) => `${name} ${parameter.name}`),
      );
      return [...ofSchemas, ...ofParameters];
    };
    expect(wrong(document)).toEqual([]);
    const faulty = copy();
    faulty.components.schemas['identity']!.properties!['id']!.example = 'not a uuid';
    expect(wrong(faulty)).toHaveLength(1);
  });

  test('has the name that Kratos gives it', () => {
    const names = [
      'identity',
      'session',
      'recoveryFlow',
      'settingsFlow',
      'loginFlow',
      'uiContainer',
      'uiNode',
      'uiText',
    ];
    expect(Object.keys(document.components.schemas)).toEqual(expect.arrayContaining([...names, 'errorGeneric']));
  });
});

const FORMATS = { uuid: true, uri: true, 'date-time': true } as const;
