import type { FastifyRequest } from 'fastify';
import { describe, expect, test } from 'vitest';
import type { IdentityView } from '../identity.view.js';
import { patchIdentity, readJsonPatch } from './json-patch.js';

const AT = new Date(0);
const VIEW: IdentityView = {
  id: 'b0000000-0000-4000-8000-00000000000b',
  schemaId: 'person',
  state: 'active',
  stateChangedAt: AT,
  traits: { email: 'a@example.com', tags: ['x', 'y'] },
  metadataPublic: null,
  metadataAdmin: { crm: 7 },
  externalId: 'crm-1',
  availableAal: 'aal1',
  createdAt: AT,
  updatedAt: AT,
  recoveryAddresses: [],
  verifiableAddresses: [],
};

const request = (body: string, type = 'application/json') =>
  ({ headers: { 'content-type': type }, body: Buffer.from(body) }) as unknown as FastifyRequest;
const patched = (...operations: object[]) => patchIdentity(VIEW, readJsonPatch(request(JSON.stringify(operations))));
const SAME = {
  schemaId: 'person',
  state: 'active',
  traits: VIEW.traits,
  metadataPublic: null,
  metadataAdmin: { crm: 7 },
  externalId: 'crm-1',
};

test('no operation, and names that nobody knows, change nothing', () => {
  expect(patched()).toEqual(SAME);
  expect(patched({ op: 'replace', path: '/nothing/here', value: 1 })).toEqual(SAME);
});

test.each([
  [{ op: 'replace', path: '/state', value: 'inactive' }, { state: 'inactive' }],
  [{ op: 'replace', path: '/schema_id', value: 'note' }, { schemaId: 'note' }],
  [{ op: 'remove', path: '/external_id' }, { externalId: null }],
  [{ op: 'replace', path: '/metadata_admin', value: null }, { metadataAdmin: null }],
  [{ op: 'add', path: '/metadata_public/a/b', value: 1 }, { metadataPublic: { a: { b: 1 } } }],
  [{ op: 'replace', path: '/metadata_public/a/b', value: 1 }, { metadataPublic: { a: { b: 1 } } }],
  [{ op: 'add', path: '/traits/tags/-', value: 'z' }, { traits: { ...VIEW.traits, tags: ['x', 'y', 'z'] } }],
  [{ op: 'replace', path: '/traits/tags/0', value: 'z' }, { traits: { ...VIEW.traits, tags: ['z', 'y'] } }],
  [{ op: 'move', from: '/traits/tags', path: '/metadata_public' }, { metadataPublic: ['x', 'y'] }],
  [{ op: 'copy', from: '/traits/tags', path: '/metadata_public' }, { metadataPublic: ['x', 'y'] }],
  [{ op: 'test', path: '/state', value: 'active' }, {}],
])('%j', (operation, change) => {
  expect(patched(operation)).toMatchObject(change);
});

test('the identity that it was made of stays as it was', () => {
  patched({ op: 'remove', path: '/traits/email' }, { op: 'add', path: '/metadata_admin/x', value: 1 });
  expect([VIEW.traits, VIEW.metadataAdmin]).toEqual([{ email: 'a@example.com', tags: ['x', 'y'] }, { crm: 7 }]);
});

describe('refused', () => {
  const refused = { status: 400, reason: 'failed to apply JSON patch' };
  const add = (path: unknown) => ({ op: 'add', path, value: 1 });

  test.each(
    [
      { op: 'frobnicate', path: '/state', value: 1 },
      { op: '_get', path: '/state' },
      { op: 'constructor', path: '/state' },
      { op: 'add', path: '/state' },
      { op: 'remove', path: '/traits/nope' },
      { op: 'remove', path: '/traits/tags/7' },
      { op: 'replace', path: '/traits/tags/7', value: 1 },
      { op: 'test', path: '/state', value: 'inactive' },
      { op: 'move', path: '/traits/x' },
      { op: 'copy', from: '/id', path: '/traits/x' },
      { op: 'copy', from: '/credentials/password', path: '/traits/x' },
      { op: 'move', from: '/traits', path: '/traits/x' },
      { op: 'replace', path: '', value: {} },
      add('state'),
      add(7),
      add('/id'),
      add('/credentials/password/config'),
      add('/state_changed_at'),
      add('/verifiable_addresses/0/verified'),
      add('/traits/__proto__/polluted'),
      add('/traits/constructor/polluted'),
      add('/traits/tags/length'),
      add('/traits/tags/9'),
      add('/traits/email/below'),
      add('/x'.repeat(33)),
      null,
      [],
      'x',
    ].map((operation) => [operation]),
  )('%j', (operation) => {
    expect(() => patched(operation as object)).toThrow(expect.objectContaining(refused));
    expect(Object.keys(Object.prototype.toString)).toEqual([]);
    expect(Object.keys(Object)).toEqual([]);
  });

  test('what every object inherits is not reached', () => {
    expect(patched(add('/metadata_public/toString/polluted'))).toMatchObject({
      metadataPublic: { toString: { polluted: 1 } },
    });
    expect(Object.keys(Object.prototype.toString)).toEqual([]);
  });

  test.each([
    ['no JSON', '[{'],
    ['no list', '{}'],
    ['a key that is a trap', '[{"op":"add","path":"/traits/x","value":{"__proto__":{"y":1}}}]'],
    ['NUL', '[{"op":"add","path":"/traits/x","value":"\\u0000"}]'],
    ['too many', JSON.stringify(Array(101).fill({ op: 'test', path: '/state', value: 'active' }))],
  ])('%s', (_, body) => {
    expect(() => readJsonPatch(request(body))).toThrow(expect.objectContaining(refused));
  });

  test('another type of body; that of JSON patches is one too', () => {
    expect(() => readJsonPatch(request('[]', 'text/plain'))).toThrow(expect.objectContaining(refused));
    expect(readJsonPatch(request('[]', 'application/json-patch+json; charset=utf-8'))).toEqual([]);
  });

  test('a document that doubles with each operation, or nests without end', () => {
    const grow = [
      { op: 'add', path: '/metadata_admin', value: { a: 'x'.repeat(1_000) } },
      ...Array.from({ length: 40 }, (_, i) => ({ op: 'copy', from: '/metadata_admin', path: `/metadata_admin/${i}` })),
    ];
    expect(() => patched(...grow)).toThrow(
      expect.objectContaining({ ...refused, message: expect.stringContaining('too large') as string }),
    );
    const value = JSON.parse('['.repeat(50) + ']'.repeat(50)) as unknown;
    const nest = { op: 'add', path: '/metadata_admin' + '/x'.repeat(20), value };
    expect(() => patched(nest)).toThrow(expect.objectContaining(refused));
  });

  test.each([['nope'], [7], [null]])('the state %j', (value) => {
    expect(() => patched({ op: 'replace', path: '/state', value })).toThrow(
      expect.objectContaining({ status: 400, message: 'identity state is not valid' }),
    );
  });

  test('what no identity can be', () => {
    for (const [path, value] of [
      ['/traits', []],
      ['/schema_id', 7],
      ['/external_id', {}],
      ['/external_id', 'x'.repeat(1_025)],
    ])
      expect(() => patched({ op: 'replace', path, value })).toThrow(expect.objectContaining({ status: 400 }));
  });
});
