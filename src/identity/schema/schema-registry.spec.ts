import { describe, expect, test } from 'vitest';
import { load } from '../../../test/support/configuration-files.js';
import { ConfigurationError, type Problem } from '../../config/index.js';
import { TraitsInvalid } from '../identity.errors.js';
import { SchemaRegistry } from './schema-registry.js';

const BOTH = { credentials: { password: { identifier: true }, code: { identifier: true, via: 'email' } } };
const REACH = { verification: { via: 'email' }, recovery: { via: 'email' } };
const PERSON = of({
  email: { type: 'string', format: 'email', 'ory.sh/kratos': { ...BOTH, ...REACH } },
  username: { type: 'string', minLength: 3, 'ory.sh/kratos': { credentials: { password: { identifier: true } } } },
  age: { type: 'integer', minimum: 0 },
  number: { type: 'string', pattern: '^C-[0-9]{6}$' },
});

function of(properties: object, more: object = {}): object {
  return {
    type: 'object',
    properties: { traits: { type: 'object', properties, additionalProperties: false, ...more } },
  };
}

async function registry(schemas: Record<string, object>): Promise<SchemaRegistry> {
  const url = (schema: object) => `base64://${Buffer.from(JSON.stringify(schema)).toString('base64')}`;
  const list = Object.entries(schemas).map(([id, schema]) => `{ id: ${id}, url: '${url(schema)}' }`);
  const first = Object.keys(schemas)[0];
  const least = `dsn: memory\nidentity:\n  default_schema_id: ${first}\n  schemas: [${list.join(', ')}]\n`;
  return new SchemaRegistry(await load({ least }));
}

async function problemsOf(schemas: Record<string, object>): Promise<readonly Problem[]> {
  try {
    await registry(schemas);
    return [];
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
}

async function refusal(traits: Record<string, unknown>, schema: object = PERSON): Promise<TraitsInvalid> {
  const schemas = await registry({ person: schema });
  try {
    schemas.check('person', traits);
  } catch (error) {
    if (error instanceof TraitsInvalid) return error;
    throw error;
  }
  throw new Error('the traits were accepted');
}

describe('an invalid schema stops the start and is named by its id', () => {
  test.each([
    ['is not a schema', { person: of({ email: { type: 'strin' } }) }, /^is not a valid JSON schema: /],
    ['has no traits', { person: { type: 'object' } }, /^must describe the object "traits"/],
    ['has an invalid pattern', { person: of({ a: { type: 'string', pattern: '(' } }) }, /^is not a valid JSON schema/],
    ['refers elsewhere', { person: of({ a: { $ref: 'https://example.org/a.json' } }) }, /^"\$ref" must begin with #/],
    [
      'refers to itself',
      {
        person: of({
          a: { $ref: '#/properties/traits/properties/b' },
          b: { $ref: '#/properties/traits/properties/a' },
        }),
      },
      /^is not a valid JSON schema: a "\$ref" leads back to itself$/,
    ],
    ['has a dangling reference', { person: of({ a: { $ref: '#/definitions/a' } }) }, /^is not a valid JSON schema/],
    [
      'recovers by letter',
      { person: of({ a: { type: 'string', 'ory.sh/kratos': { recovery: { via: 'letter' } } } }) },
      /^"ory.sh\/kratos".recovery.via must be email or sms$/,
    ],
    [
      'names an inherited property in verification',
      { person: of({ a: { type: 'string', 'ory.sh/kratos': { verification: { via: 'constructor' } } } }) },
      /^"ory.sh\/kratos".verification.via must be email or sms$/,
    ],
  ])('one that %s', async (_, schemas, message) => {
    const problems = await problemsOf(schemas);
    expect(problems[0]?.path).toBe('identity.schemas (id person)');
    expect(problems[0]?.message).toMatch(message);
  });

  test('every invalid one is named', async () => {
    const problems = await problemsOf({ one: {}, two: PERSON, three: {} });
    expect(problems.map(({ path }) => path)).toEqual(['identity.schemas (id one)', 'identity.schemas (id three)']);
  });

  test('two with the same $id do not collide', async () => {
    const twin = { $id: 'https://example.org/twin.json', ...PERSON };
    expect(await problemsOf({ one: twin, two: twin })).toEqual([]);
  });
});

describe('traits that violate the schema', () => {
  test.each([
    ['a wrong format', { email: 'x' }, '#/traits/email', 'traits.email', 4_000_040, { value: 'x' }],
    [
      'an unknown trait',
      { shoe: 42 },
      '#/traits',
      'traits',
      4_000_001,
      { reason: 'additionalProperties "shoe" not allowed' },
    ],
    [
      'a short text',
      { username: 'é' },
      '#/traits/username',
      'traits.username',
      4_000_003,
      { min_length: 3, actual_length: 1 },
    ],
    ['a wrong pattern', { number: '1' }, '#/traits/number', 'traits.number', 4_000_004, { pattern: '^C-[0-9]{6}$' }],
    ['a small number', { age: -1 }, '#/traits/age', 'traits.age', 4_000_018, { minimum: 0, actual: -1 }],
    [
      'a wrong type',
      { age: '36' },
      '#/traits/age',
      'traits.age',
      4_000_026,
      { allowed_types: ['integer'], actual_type: 'string' },
    ],
  ])('%s', async (_, traits, pointer, field, id, context) => {
    const { violations, reason } = await refusal(traits);
    expect(violations).toHaveLength(1);
    expect(violations[0]).toMatchObject({ field, message: { id, context } });
    expect(reason).toContain(`I[${pointer}] S[#/`);
  });

  test('each of several patterns is checked on its own', async () => {
    const [letters, digits] = [
      { type: 'string', pattern: '^[a-z]+$' },
      { type: 'string', pattern: '^[0-9]+$' },
    ];
    const schema = of({ name: letters, code: digits }, { patternProperties: { '^x-': {} } });
    const { violations } = await refusal({ name: '42', code: 'ada', 'y-a': 1 }, schema);
    expect(violations.map(({ field }) => field).sort()).toEqual(['traits', 'traits.code', 'traits.name']);
    const schemas = await registry({ person: schema });
    expect(() => schemas.check('person', { name: 'ada', code: '42', 'x-a': 1 })).not.toThrow();
  });

  test('a missing trait is a violation of that field', async () => {
    const { violations, reason } = await refusal({}, of({ email: { type: 'string' } }, { required: ['email'] }));
    expect(violations[0]).toMatchObject({
      field: 'traits.email',
      message: { id: 4_000_002, context: { property: 'email' } },
    });
    expect(reason).toBe('I[#/traits] S[#/properties/traits/required] missing properties: "email"');
  });

  test('all of them are reported at once, without their values', async () => {
    const { violations, reason } = await refusal({ email: 'secret-mail', number: 'secret-number' });
    expect(violations.map(({ field }) => field)).toEqual(['traits.email', 'traits.number']);
    expect(reason).not.toContain('secret');
  });

  test('an identifier that no index can hold is one', async () => {
    const { violations, reason } = await refusal({ username: 'u'.repeat(1_025) });
    expect(violations[0]?.field).toBe('traits.username');
    expect(reason).toContain('I[#/traits/username]');
  });
});

describe('what the traits say', () => {
  test('identifiers and addresses: lower case for display, normalized for comparison', async () => {
    const schemas = await registry({ person: PERSON });
    const { identifiers, recovery, verification } = schemas.check('person', {
      email: 'Ada@Example.com',
      username: 'Ａda',
    });
    const email = { value: 'ada@example.com', normalized: 'ada@example.com' };
    expect(identifiers['code']).toMatchObject([email]);
    expect(identifiers['password']).toMatchObject([email, { value: 'ａda', normalized: 'ada' }]);
    expect(recovery).toMatchObject([{ ...email, via: 'email' }]);
    expect(verification).toMatchObject([{ ...email, via: 'email' }]);
  });

  test('absent and invisible values are ignored', async () => {
    const schemas = await registry({ person: PERSON });
    const nothing = { identifiers: {}, recovery: [], verification: [] };
    expect(schemas.check('person', {})).toEqual(nothing);
    expect(schemas.check('person', { username: '\u200b\u200b\u200b' })).toEqual(nothing);
  });

  test('references, combinations, nested objects and lists are followed; a value counts once', async () => {
    const mail = { type: 'string', format: 'email', 'ory.sh/kratos': REACH };
    const schema = {
      ...of({
        contact: { allOf: [{ type: 'object', properties: { mail: { $ref: '#/definitions/mail' } } }] },
        others: { type: 'array', items: { $ref: '#/definitions/mail' } },
      }),
      definitions: { mail },
    };
    const schemas = await registry({ person: schema });
    const traits = { contact: { mail: 'a@example.com' }, others: ['b@example.com', 'A@example.com'] };
    expect(schemas.check('person', traits).recovery.map(({ value }) => value)).toEqual([
      'a@example.com',
      'b@example.com',
    ]);
  });

  test('a recursive schema terminates', async () => {
    const schema = {
      ...of({ next: { $ref: '#/definitions/node' } }),
      definitions: { node: { anyOf: [{ $ref: '#/definitions/node' }, { type: 'object' }] } },
    };
    const schemas = await registry({ person: schema });
    expect(schemas.shape('person').fields).toEqual([]);
  });
});

describe('addresses that mail cannot reach', () => {
  const reached = (via: string) => ({ recovery: { via }, verification: { via } });
  const PHONES = of({
    phone: {
      type: 'string',
      'ory.sh/kratos': { credentials: { code: { identifier: true, via: 'sms' } }, ...reached('sms') },
    },
    second: { type: 'string', 'ory.sh/kratos': reached('phone') },
    email: { type: 'string', 'ory.sh/kratos': REACH },
  });

  test('are stored as addresses for text messages, without separators', async () => {
    const schemas = await registry({ person: PHONES });
    const { identifiers, recovery, verification } = schemas.check('person', {
      phone: ' +49 (176) 671-11 638',
      second: '0176 67111638',
      email: 'Ada@example.com',
    });
    const addresses = [
      { via: 'sms', value: '+4917667111638', normalized: '+4917667111638' },
      { via: 'sms', value: '0176 67111638', normalized: '0176 67111638' },
      { via: 'email', value: 'ada@example.com' },
    ];
    expect(recovery).toMatchObject(addresses);
    expect(verification).toMatchObject(addresses);
    expect(identifiers['code']).toMatchObject([{ via: 'sms', normalized: '+4917667111638' }]);
  });

  test('must be valid for their channel', async () => {
    const mail = await refusal({ phone: '+49 176 67111638', email: 'not-an-address' }, PHONES);
    expect(mail.violations).toEqual([
      expect.objectContaining({
        field: 'traits.email',
        pointer: '#/traits/email',
        message: { id: 4_000_040, context: { value: 'not-an-address' } },
      }),
    ]);
    const phone = await refusal({ phone: 'call me' }, PHONES);
    expect(phone.reason).toBe('I[#/traits/phone] S[#] must match format "tel"');
  });

  test('are reported once, whichever schemas ask for them', async () => {
    const second = { credentials: { totp: { account_name: true }, webauthn: { identifier: true } } };
    const schemas = await registry({
      person: PERSON,
      phones: PHONES,
      keys: of({ email: { type: 'string', 'ory.sh/kratos': second } }),
    });
    expect(schemas.withoutEffect()).toMatch(
      /^identity schemas contain settings that have no effect here: phones \(recovery\.via sms, verification\.via sms, credentials\.code\.via sms\); keys \(credentials\.webauthn\.identifier, credentials\.totp\.account_name\)\. Messages are sent by mail only/,
    );
    expect((await registry({ person: PERSON })).withoutEffect()).toBeUndefined();
  });

  test("a second factor's keyword makes nothing an identifier", async () => {
    const schemas = await registry({
      person: of({ a: { type: 'string', 'ory.sh/kratos': { credentials: { webauthn: { identifier: true } } } } }),
    });
    expect(schemas.check('person', { a: 'ada' }).identifiers).toEqual({});
  });
});

describe('ids', () => {
  test('without an id the default applies, and an unknown one is refused', async () => {
    const schemas = await registry({ person: PERSON, customer: PERSON });
    expect(schemas.resolveId(undefined)).toBe('person');
    expect(schemas.resolveId('customer')).toBe('customer');
    expect(() => schemas.resolveId('nope')).toThrow(
      expect.objectContaining({ status: 400, reason: 'Unable to find JSON Schema ID: nope' }),
    );
  });
});
