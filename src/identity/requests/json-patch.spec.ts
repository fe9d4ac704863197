import type { FastifyRequest } from 'fastify';
import { describe, expect, test } from 'vitest';
import type { IdentityView } from '../identity.view.js';
import { patchIdentity, readJsonPatch } from './json-patch.js';

const AT = new Date(0);
const ID_OF_ADDRESS = 'a0000000-0000-4000-8000-00000000000a';
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
const read = (body: string, type?: string) => readJsonPatch(request(body, type), 'near');
const patched = (...operations: object[]) => patchIdentity(VIEW, read(JSON.stringify(operations)), 'near');
const SAME = {
  schemaId: 'person',
  state: 'active',
  traits: VIEW.traits,
  metadataPublic: null,
  metadataAdmin: { crm: 7 },
  externalId: 'crm-1',
};

test('no operation and unknown names change nothing', () => {
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
  [{ op: 'test', path: '/traits', value: { tags: ['x', 'y'], email: 'a@example.com' } }, {}],
  [{ op: 'add', path: '/metadata_public/list/-', value: 1 }, { metadataPublic: { list: [1] } }],
  [{ op: 'add', path: '/metadata_public/list/2', value: 1 }, { metadataPublic: { list: [null, null, 1] } }],
  [{ op: 'move', from: '/state', path: '/state' }, { state: 'active' }],
])('%j', (operation, change) => {
  expect(patched(operation)).toMatchObject(change);
});

test('the original identity stays unchanged', () => {
  patched({ op: 'remove', path: '/traits/email' }, { op: 'add', path: '/metadata_admin/x', value: 1 });
  expect([VIEW.traits, VIEW.metadataAdmin]).toEqual([{ email: 'a@example.com', tags: ['x', 'y'] }, { crm: 7 }]);
});

describe('refused', () => {
  const refused = { status: 400, reason: 'failed to apply JSON patch' };
  const UNREADABLE = 'failed to unmarshal JSON patch';
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
      { op: 'replace', path: '/traits' },
      add('/ID'),
      add('/Id/x'),
      add('/StateChangedAt'),
      add('/Credentials/x'),
      add('/CREDENTIALS/password/config/hashed_password'),
      add('/credentials/oidc/config/providers/0/subject'),
      add('/credentials/password/config'),
      { op: 'remove', path: '/credentials/password/config/hashed_password' },
      { op: 'test', path: '/credentials/password/config/hashed_password', value: 'x' },
      { op: 'copy', from: '/credentials/password/config/hashed_password', path: '/metadata_public' },
      { op: 'replace', path: '/credentials/password/config/hashed_password', value: 7 },
      add('/recovery_addresses/0/value'),
      { op: 'copy', from: '/verifiable_addresses', path: '/metadata_public' },
      { op: 'remove', path: '/traits' },
      { op: 'move', from: '/traits', path: '/metadata_public' },
      { op: 'remove', path: '/traits/tags/-' },
      { op: 'add', path: '/metadata_public/list/1000000', value: 1 },
      { op: 'test', path: '/traits/toString', value: 1 },
      { op: 'copy', from: '/traits/valueOf', path: '/traits/x' },
      null,
    ].map((operation) => [operation]),
  )('%j', (operation) => {
    expect(() => patched(operation as object)).toThrow(expect.objectContaining(refused));
    expect(Object.keys(Object.prototype.toString)).toEqual([]);
    expect(Object.keys(Object)).toEqual([]);
  });

  test('inherited properties are out of reach', () => {
    expect(patched(add('/metadata_public/toString/polluted'))).toMatchObject({
      metadataPublic: { toString: { polluted: 1 } },
    });
    expect(Object.keys(Object.prototype.toString)).toEqual([]);
  });

  test.each([
    ['no JSON', '[{', UNREADABLE],
    ['no list', '{}', UNREADABLE],
    ['nothing', '', UNREADABLE],
    ['an inner list', '[[]]', UNREADABLE],
    ['an inner text', '["x"]', UNREADABLE],
    ['a dangerous key', '[{"op":"add","path":"/traits/x","value":{"__proto__":{"y":1}}}]', UNREADABLE],
    ['NUL', '[{"op":"add","path":"/traits/x","value":"\\u0000"}]', UNREADABLE],
    ['too many', JSON.stringify(Array(101).fill({ op: 'test', path: '/state', value: 'active' })), refused.reason],
  ])('%s', (_, body, reason) => {
    expect(() => read(body)).toThrow(expect.objectContaining({ status: 400, reason }));
  });

  test('another content type; that of JSON patches is accepted too', () => {
    expect(() => read('[]', 'text/plain')).toThrow(expect.objectContaining(refused));
    expect(read('[]', 'application/json-patch+json; charset=utf-8').operations).toEqual([]);
  });

  test('a document that doubles with each operation, or nests without end', () => {
    const grow = [
      { op: 'add', path: '/metadata_admin', value: { a: 'x'.repeat(1_000) } },
      ...Array.from({ length: 40 }, (_, i) => ({ op: 'copy', from: '/metadata_admin', path: `/metadata_admin/${i}` })),
    ];
    expect(() => patched(...grow)).toThrow(
      expect.objectContaining({ ...refused, message: expect.stringMatching(/too (large|much)/) as string }),
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

  test('an invalid identity', () => {
    for (const [path, value] of [
      ['/traits', []],
      ['/schema_id', 7],
      ['/external_id', {}],
      ['/external_id', 'x'.repeat(1_025)],
    ])
      expect(() => patched({ op: 'replace', path, value })).toThrow(expect.objectContaining({ status: 400 }));
  });
});

describe('/traits as null or another type', () => {
  test.each([[null], [[]], ['x'], [7]])('%j: nobody loses traits', (value) => {
    for (const op of ['add', 'replace'])
      expect(() => patched({ op, path: '/traits', value })).toThrow(
        expect.objectContaining({ status: 400, reason: expect.stringMatching(/traits/) as string }),
      );
  });
});

describe('an unknown top-level name', () => {
  const warnings = (path: string, rule: 'near' | 'none' = 'near') =>
    readJsonPatch(request(JSON.stringify([{ op: 'add', path, value: 1 }])), rule).warnings;

  test.each([
    ['/trait/email', '/traits'],
    ['/Traits/email', '/traits'],
    ['/schemaId', '/schema_id'],
    ['/sate', '/state'],
    ['/metadata_pubic', '/metadata_public'],
  ])('%s is refused for %s', (path, meant) => {
    expect(() => warnings(path)).toThrow(
      expect.objectContaining({ status: 400, reason: expect.stringContaining(`did you mean "${meant}"`) as string }),
    );
    expect(warnings(path, 'none')).toEqual([]);
  });

  test('that resembles no other is a warning', () => {
    expect(warnings('/nothing/here')).toEqual(['The unknown field "/nothing" was ignored.']);
    expect([warnings('/state'), warnings('/nothing/here', 'none')]).toEqual([[], []]);
  });
});

describe('addresses', () => {
  const address = { value: 'a@example.com', via: 'email', createdAt: AT, updatedAt: AT };
  const known = { ...address, id: ID_OF_ADDRESS, verified: false, status: 'sent', verifiedAt: null };
  const marks = (...operations: object[]) =>
    patchIdentity({ ...VIEW, verifiableAddresses: [known] }, read(JSON.stringify(operations)), 'near').marks;
  const at = (field: string) => `/verifiable_addresses/0/${field}`;

  test('are marked as verified or not', () => {
    expect(marks({ op: 'replace', path: at('verified'), value: true })).toEqual([
      { id: ID_OF_ADDRESS, verified: true, status: 'sent', verifiedAt: null },
    ]);
    expect(
      marks(
        { op: 'add', path: at('status'), value: 'completed' },
        { op: 'add', path: at('verified_at'), value: '2026-01-02T03:04:05Z' },
      ),
    ).toEqual([
      { id: ID_OF_ADDRESS, verified: false, status: 'completed', verifiedAt: new Date('2026-01-02T03:04:05Z') },
    ]);
    expect(marks({ op: 'test', path: at('value'), value: 'a@example.com' })).toBeUndefined();
    expect(marks({ op: 'replace', path: at('verified'), value: false })).toBeUndefined();
  });

  test.each([
    { op: 'replace', path: at('verified'), value: 'yes' },
    { op: 'remove', path: at('verified') },
    { op: 'replace', path: at('status'), value: 'lost' },
    { op: 'replace', path: at('verified_at'), value: 'soon' },
    { op: 'replace', path: at('value'), value: 'b@example.com' },
    { op: 'add', path: at('verified/deeper'), value: true },
    { op: 'add', path: '/verifiable_addresses/1/verified', value: true },
    { op: 'add', path: '/verifiable_addresses/-', value: {} },
    { op: 'remove', path: '/verifiable_addresses/0' },
    { op: 'replace', path: '/Verifiable_Addresses/0/verified', value: true },
    { op: 'move', from: at('status'), path: '/metadata_public' },
  ])('%j is refused', (operation) => {
    expect(() => marks(operation)).toThrow(expect.objectContaining({ status: 400 }));
  });
});

test('the password hash is returned separately; the last one counts', () => {
  const path = '/credentials/password/config/hashed_password';
  const patch = read(
    JSON.stringify([
      { op: 'replace', path, value: 'one' },
      { op: 'add', path: '/traits/x', value: 1 },
      { op: 'add', path, value: 'two' },
    ]),
  );
  expect([patch.hashedPassword, patch.operations.length]).toEqual(['two', 1]);
});

test('operations that reveal the identity are recognised', () => {
  const reads = (op: object) => read(JSON.stringify([op])).reads;
  expect(reads({ op: 'test', path: '/state', value: 1 })).toBe(true);
  expect(reads({ op: 'copy', from: '/traits/email', path: '/metadata_public' })).toBe(true);
  expect(reads({ op: 'move', from: '/traits/email', path: '/metadata_public' })).toBe(true);
  expect(reads({ op: 'add', path: '/metadata_public', value: 1 })).toBe(false);
});

/** Regression: fifteen copies of 45,000 keys blocked all other requests for 14 seconds. */
describe('a patch that would take long is refused, or runs fast', () => {
  const wide = Object.fromEntries(Array.from({ length: 45_000 }, (_, at) => [`k${at}`, at]));
  const long = Array.from({ length: 45_000 }, (_, at) => at);
  const text = 'x'.repeat(900_000);
  const each = (operation: (at: number) => object) => Array.from({ length: 99 }, (_, at) => operation(at));
  const add = (value: unknown) => ({ op: 'add', path: '/metadata_admin', value: { it: value } });
  const whole = { metadataAdmin: { it: wide } };

  test.each([
    [
      'copies of an object',
      [add(wide), ...each((n) => ({ op: 'copy', from: '/metadata_admin/it', path: `/metadata_admin/${n}` }))],
    ],
    [
      'copies of a list',
      [add(long), ...each((n) => ({ op: 'copy', from: '/metadata_admin/it', path: `/metadata_admin/${n}` }))],
    ],
    [
      'copies of a text',
      [add(text), ...each((n) => ({ op: 'copy', from: '/metadata_admin/it', path: `/metadata_admin/${n}` }))],
    ],
    [
      'copies into itself',
      [add({}), ...each(() => ({ op: 'copy', from: '/metadata_admin/it', path: '/metadata_admin/it/it' }))],
    ],
    [
      'doubling',
      [add({ a: 1 }), ...each((n) => ({ op: 'copy', from: '/metadata_admin', path: `/metadata_admin/${n}` }))],
    ],
    ['tests of an object', [add(wide), ...each(() => ({ op: 'test', path: '/metadata_admin/it', value: { k0: 0 } }))]],
    [
      'tests of a list in reverse',
      [add(long.slice(0, 20_000)), { op: 'test', path: '/metadata_admin/it', value: long.slice(0, 20_000).reverse() }],
    ],
    [
      'moves back and forth',
      [
        add(wide),
        ...each((n) => ({ op: 'move', from: `/metadata_admin/${n || 'it'}`, path: `/metadata_admin/${n + 1}` })),
      ],
    ],
    [
      'members inserted before all others',
      [add(long), ...each(() => ({ op: 'add', path: '/metadata_admin/it/0', value: 1 }))],
    ],
    ['deep paths', each((n) => ({ op: 'add', path: `/metadata_admin${'/x'.repeat(30)}/${n}`, value: n }))],
    ['members removed one by one', [add(wide), ...each((n) => ({ op: 'remove', path: `/metadata_admin/it/k${n}` }))]],
  ])('%s', (_, operations) => {
    const body = JSON.stringify(operations);
    const from = process.cpuUsage();
    try {
      patchIdentity({ ...VIEW, ...whole }, read(body), 'near');
    } catch (error) {
      expect(error).toMatchObject({ status: 400 });
    }
    const { user, system } = process.cpuUsage(from);
    expect((user + system) / 1_000).toBeLessThan(1_000);
  });

  test('repeated patches cannot grow it without limit; one that is too large already may shrink', () => {
    const large = { ...VIEW, metadataAdmin: { it: 'x'.repeat(2_000_000) } };
    const on = (...operations: object[]) => patchIdentity(large, read(JSON.stringify(operations)), 'near');
    expect(() => on({ op: 'add', path: '/metadata_admin/more', value: 'x'.repeat(1_000) })).toThrow(
      expect.objectContaining({ message: 'The identity would become too large.' }),
    );
    expect(on({ op: 'replace', path: '/state', value: 'inactive' }).state).toBe('inactive');
    expect(on({ op: 'remove', path: '/metadata_admin/it' }).metadataAdmin).toEqual({});
  });
});
