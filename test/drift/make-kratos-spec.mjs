/**
 * Extracts facts about Kratos' HTTP interface for the routes in openapi.json: names of parameters, properties and enum values, what is
 * required, status codes. The source is the client that Ory generates from Kratos' own document, spec/api.json.
 *
 *   node test/drift/make-kratos-spec.mjs && npx prettier --write test/drift/kratos-spec.json
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';

const CLIENT = dirname(createRequire(import.meta.url).resolve('@ory/kratos-client/package.json'));
/** The value that the generator adds to each enum. */
const ADDED = '11184809';

/** @param ours openapi.json; only its routes are extracted */
export function kratosFacts(ours) {
  const { version } = JSON.parse(readFileSync(join(CLIENT, 'package.json'), 'utf8'));
  const api = ts.createSourceFile('api.ts', readFileSync(join(CLIENT, 'api.ts'), 'utf8'), ts.ScriptTarget.Latest, true);
  const types = typesOf(api);
  const operations = operationsOf(api, ours);
  const used = Object.values(operations).flatMap(({ body, responses }) => [body, ...Object.values(responses)]);
  return { source: `@ory/kratos-client ${version}`, operations, schemas: reachable(used, types) };
}

/** All interfaces, unions and enums by name. */
function typesOf(file) {
  const enums = {};
  const types = {};
  for (const node of file.statements) {
    if (ts.isVariableStatement(node)) {
      const { name, initializer } = node.declarationList.declarations[0];
      const object = initializer && ts.isAsExpression(initializer) ? initializer.expression : undefined;
      if (object && ts.isObjectLiteralExpression(object))
        enums[name.text] = object.properties.map(({ initializer: value }) => value.text).filter((v) => v !== ADDED);
    }
  }
  for (const node of file.statements) {
    if (ts.isInterfaceDeclaration(node)) types[node.name.text] = objectOf(node, enums);
    if (ts.isTypeAliasDeclaration(node)) types[node.name.text] = aliasOf(node, enums);
  }
  return types;
}

function objectOf(node, enums) {
  const members = node.members.filter(ts.isPropertySignature);
  return {
    properties: Object.fromEntries(members.map(({ name, type }) => [name.text, valueOf(type, enums)])),
    required: members.filter(({ questionToken }) => !questionToken).map(({ name }) => name.text),
  };
}

/** `'string'`, `'number'`, `'boolean'`, `'any'`, `'object'`, `{ schema }`, `{ items }`, `{ enum }` */
function valueOf(type, enums) {
  if (ts.isUnionTypeNode(type)) {
    const given = type.types.filter(
      (part) => part.kind !== ts.SyntaxKind.LiteralType || part.literal.kind !== ts.SyntaxKind.NullKeyword,
    );
    return given.length === 1 ? valueOf(given[0], enums) : 'any';
  }
  if (ts.isTypeReferenceNode(type)) {
    const name = type.typeName.getText();
    if (name === 'Array') return { items: valueOf(type.typeArguments[0], enums) };
    return enums[name] ? { enum: enums[name] } : { schema: name };
  }
  const text = type.getText();
  return ['string', 'number', 'boolean'].includes(text) ? text : text === 'any' ? 'any' : 'object';
}

function aliasOf(node, enums) {
  const name = node.name.text;
  if (enums[name]) return { enum: enums[name] };
  const parts = ts.isUnionTypeNode(node.type) ? node.type.types : [node.type];
  const named = parts
    .flatMap((part) => (ts.isIntersectionTypeNode(part) ? part.types : [part]))
    .filter(ts.isTypeReferenceNode);
  return { oneOf: named.map((part) => part.typeName.getText()) };
}

/** Reads requests from the client's functions, and answers from its documentation. */
function operationsOf(file, ours) {
  const known = new Set(
    Object.entries(ours.paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${shapeOf(path)}`),
    ),
  );
  const operations = {};
  const visit = (node) => {
    if (
      ts.isPropertyAssignment(node) &&
      ts.isArrowFunction(node.initializer) &&
      /localVarPath = `/.test(node.getText())
    ) {
      const read = operationOf(node.name.getText(), node.initializer);
      if (known.has(`${read.method} ${shapeOf(read.path)}`)) operations[`${read.method} ${read.path}`] = read.facts;
    } else ts.forEachChild(node, visit);
  };
  visit(file);
  return operations;
}

/** Names of path parameters aren't on the wire. */
const shapeOf = (path) => path.replaceAll(/\{[^}]*\}/g, '{}');

function operationOf(name, fn) {
  const text = fn.getText();
  const all = (pattern) => [...text.matchAll(pattern)].map((match) => match.slice(1));
  const needed = new Set(all(/assertParamExists\('\w+', '(\w+)', \w+\)/g).map(([parameter]) => parameter));
  const path = /localVarPath = `([^`]*)`/.exec(text)[1];
  const parameters = [
    ...all(/\.replace\(`\{\$\{"(\w+)"\}\}`/g).map(() => ({ in: 'path', required: true })),
    ...all(/if \((\w+)[^)]*\) \{\s*localVarQueryParameter\['([^']+)'\]/g).map(([variable, on]) => ({
      name: on,
      in: 'query',
      required: needed.has(variable),
    })),
    ...all(/if \((\w+)[^)]*\) \{\s*localVarHeaderParameter\['([^']+)'\]/g).map(([variable, on]) => ({
      name: on,
      in: 'header',
      required: needed.has(variable),
    })),
  ];
  const [[variable] = []] = all(/serializeDataIfNeeded\((\w+),/g);
  const body = fn.parameters.find((parameter) => parameter.name.getText() === variable)?.type;
  return {
    method: /method: '(\w+)'/.exec(text)[1],
    path,
    facts: {
      operationId: name,
      parameters,
      ...(body ? { body: schemaName(body.getText()) } : {}),
      responses: responsesOf(name),
    },
  };
}

function responsesOf(operation) {
  for (const group of ['CourierApi', 'FrontendApi', 'IdentityApi', 'MetadataApi']) {
    const page = readFileSync(join(CLIENT, 'docs', `${group}.md`), 'utf8');
    const [, section] = page.split(`\n# **${operation}**\n`);
    if (section === undefined) continue;
    const own = section.split('\n# **')[0];
    const returned = /### Return type\n\n\*\*(.+)\*\*/.exec(own)?.[1] ?? null;
    const rows = [...own.matchAll(/^\|\*\*(\d+)\*\* \| (.*?) \|/gm)];
    return Object.fromEntries(
      rows.map(([, code, what]) => [
        code === '0' ? 'default' : code,
        code === '204' ? null : code.startsWith('2') ? schemaName(returned) : errorName(what),
      ]),
    );
  }
  throw new Error(`no documentation of ${operation}`);
}

const schemaName = (text) =>
  text === null || text === 'void (empty response body)' ? null : text.replace(/^Array<(.*)>$/, '$1[]');
/** The description of an answer is the name of its schema, if it has one. */
const errorName = (text) =>
  /^[a-z]\w+$/.test(text) && text !== 'emptyResponse' ? text[0].toUpperCase() + text.slice(1) : null;

function reachable(names, types) {
  const found = {};
  const open = names.filter(Boolean).map((name) => name.replace(/\[\]$/, ''));
  while (open.length > 0) {
    const name = open.pop();
    if (found[name] || !types[name]) continue;
    found[name] = types[name];
    open.push(
      ...[...JSON.stringify(types[name]).matchAll(/"schema":"(\w+)"/g)].map(([, inner]) => inner),
      ...(types[name].oneOf ?? []),
    );
  }
  return Object.fromEntries(Object.entries(found).sort(([a], [b]) => (a < b ? -1 : 1)));
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const facts = kratosFacts(JSON.parse(readFileSync(resolve('openapi.json'), 'utf8')));
  writeFileSync(resolve('test/drift/kratos-spec.json'), `${JSON.stringify(facts)}\n`);
}
