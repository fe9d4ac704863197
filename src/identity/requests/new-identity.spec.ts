import { describe, expect, test } from 'vitest';
import { readGivenIdentity, readNewIdentity } from './new-identity.js';

const refused = (raw: object): string => {
  try {
    readNewIdentity(raw);
  } catch (error) {
    const { status, reason } = error as { status: number; reason: string };
    expect(status).toBe(400);
    return reason;
  }
  throw new Error('it was accepted');
};

const wide = (keys: number): object =>
  Object.fromEntries(Array.from({ length: keys }, (_, index) => [`k${index}`, index]));

test('absent and null fields get their default', () => {
  const same = {
    schemaId: undefined,
    traits: {},
    state: 'active',
    externalId: null,
    metadataPublic: null,
    metadataAdmin: null,
    verifiableAddresses: [],
  };
  expect(readNewIdentity({})).toEqual(same);
  expect(
    readNewIdentity({ traits: null, state: null, external_id: '', credentials: null, organization_id: null }),
  ).toEqual(same);
});

test('everything is read', () => {
  const read = readNewIdentity({
    schema_id: 'person',
    traits: { email: 'a@example.com' },
    state: 'inactive',
    external_id: 'crm-1',
    metadata_public: [1],
    metadata_admin: 'x',
    credentials: { password: { config: { password: 'p' } } },
    verifiable_addresses: [
      { value: 'a@example.com', via: 'email', verified: true, verified_at: '2026-01-02T03:04:05Z' },
    ],
    recovery_addresses: [{ value: 'a@example.com', via: 'email' }],
  });
  expect(read).toEqual({
    schemaId: 'person',
    traits: { email: 'a@example.com' },
    state: 'inactive',
    externalId: 'crm-1',
    metadataPublic: [1],
    metadataAdmin: 'x',
    password: 'p',
    verifiableAddresses: [
      {
        value: 'a@example.com',
        via: 'email',
        verified: true,
        status: 'completed',
        verifiedAt: new Date('2026-01-02T03:04:05Z'),
      },
    ],
  });
});

describe('is refused, with a hint on what to change', () => {
  test.each([
    [{ id: '00000000-0000-4000-8000-000000000001' }, /^id cannot be set:/],
    [{ credentials: { password: { config: { salt: 'x' } } } }, 'unknown field "credentials.password.config.salt".'],
    [{ shoe: 1, credentials: { hat: {} } }, 'unknown field "shoe"; unknown field "credentials.hat".'],
    [{ trait: {} }, 'unknown field "trait": did you mean "traits"?'],
    [{ credentials: { saml: {} } }, 'credentials.saml is not supported: Regain has no SAML sign-in.'],
    [{ credentials: { totp: { config: {} } } }, /^credentials.totp is not supported: /],
    [{ organization_id: 'x' }, 'organization_id is not supported: Regain has no organizations.'],
    [
      { credentials: { password: { config: { use_password_migration_hook: true } } } },
      /^credentials.password.config.use_password_migration_hook is not supported: /,
    ],
    [{ state: 'sleeping' }, 'identity state is not valid'],
    [{ state: 7 }, 'state must be a string.'],
    [{ schema_id: {} }, 'schema_id must be a string.'],
    [{ traits: [] }, 'traits must be an object.'],
    [{ traits: 'x' }, 'traits must be an object.'],
    [{ external_id: 'x'.repeat(1_025) }, 'external_id must not be longer than 1024 bytes.'],
    [
      { credentials: { password: { config: { password: 'a', hashed_password: 'b' } } } },
      'credentials.password.config: give either password or hashed_password.',
    ],
    [{ credentials: { password: { config: { password: '' } } } }, /password must be longer than or equal to 1/],
    [{ verifiable_addresses: [{ value: 'x', via: 'fax' }] }, /via must be one of the following values: email, sms/],
    [
      { verifiable_addresses: [{ value: 'x', via: 'email', verified_at: 'soon' }] },
      /verified_at must be a valid ISO 8601/,
    ],
    [{ recovery_addresses: {} }, /recovery_addresses must be an array/],
    [{ schema_id: wide(201) }, 'The identity cannot be read: an object has more than 200 keys.'],
    [wide(201), /^unknown field "k0".*; 181 more unknown fields\.$/],
    [{ credentials: wide(200) }, /^unknown field "credentials.k0"/],
    [{ shoe: { constructor: 1 } }, 'unknown field "shoe".'],
  ])('%j', (raw, reason) => {
    expect(refused(raw)).toMatch(reason);
  });
});

test('a key named constructor in the traits is an ordinary key', () => {
  const traits = { constructor: 1, nested: { constructor: 'x', prototype: {} } };
  expect(readNewIdentity({ traits, metadata_admin: traits })).toMatchObject({ traits, metadataAdmin: traits });
});

/** Regression: 50,000 keys under "credentials" blocked all other requests for a minute. */
test('a body that is too wide is refused at once; traits and metadata may be of any width', () => {
  const from = performance.now();
  expect(refused({ credentials: wide(50_000) })).toContain('49980 more unknown fields');
  expect(refused({ credentials: { password: { config: { password: wide(50_000) } } } })).toContain('200 keys');
  expect(performance.now() - from).toBeLessThan(5_000);
  expect(readNewIdentity({ traits: wide(5_000), metadata_admin: wide(5_000) }).traits).toEqual(wide(5_000));
});

describe('in the admin API, an unknown field', () => {
  test('is a warning', () => {
    const given = readGivenIdentity({ traits: {}, shoe: 1, credentials: { password: { hat: 2 } } }, 'near');
    expect(given.warnings).toEqual([
      'The unknown field "shoe" was ignored.',
      'The unknown field "credentials.password.hat" was ignored.',
    ]);
    expect(given.identity).toEqual(readNewIdentity({ traits: {} }));
  });

  test('is refused as in Kratos, with the rule none', () => {
    for (const [raw, name] of [
      [{ shoe: 1 }, 'shoe'],
      [{ id: 'x' }, 'id'],
      [{ credentials: { password: { hat: 2 } } }, 'hat'],
    ] as const)
      expect(() => readGivenIdentity(raw, 'none')).toThrow(
        expect.objectContaining({ status: 400, message: `json: unknown field "${name}"`, reason: undefined }),
      );
  });

  test('an unsupported field without a value is accepted', () => {
    const nothing = {
      organization_id: null,
      credentials: { totp: null, password: { config: { use_password_migration_hook: false } } },
    };
    for (const rule of ['near', 'none', 'all'] as const)
      expect(readGivenIdentity({ traits: {}, ...nothing }, rule).warnings).toEqual([]);
  });
});
