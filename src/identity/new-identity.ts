import { plainToInstance } from 'class-transformer';
import { type ValidationError, validateSync } from 'class-validator';
import { CreateIdentityBody } from './identity.dto.js';
import { IdentityRefused } from './identity.errors.js';
import type { IdentityState } from './identity.view.js';

export interface GivenAddress {
  readonly value: string;
  readonly via: string;
  readonly verified: boolean;
  readonly status: string;
  readonly verifiedAt: Date | undefined;
}

/** What an identity is made of. At most one of `password` (clear text) and `hashedPassword` is set. */
export interface NewIdentity {
  /** absent: the default schema */
  readonly schemaId?: string | undefined;
  readonly traits: Record<string, unknown>;
  /** absent: active */
  readonly state?: IdentityState;
  readonly externalId?: string | null;
  readonly metadataPublic?: unknown;
  readonly metadataAdmin?: unknown;
  readonly password?: string;
  readonly hashedPassword?: string;
  /** what is known of addresses that the traits hold */
  readonly verifiableAddresses?: readonly GivenAddress[];
}

/** Bytes: what an index entry can hold, with room to spare. */
const LONGEST_EXTERNAL_ID = 1_024;

/**
 * Reads the JSON of one identity, as `POST /admin/identities` takes it.
 * @throws IdentityRefused that names the field; a field that nobody knows is one too
 */
export function readNewIdentity(raw: object): NewIdentity {
  const body = validated(raw);
  if (body.state !== undefined && body.state !== '' && body.state !== 'active' && body.state !== 'inactive')
    throw new IdentityRefused('identity state is not valid');
  const password = body.credentials?.password?.config;
  if (password?.password !== undefined && password.hashed_password !== undefined)
    throw new IdentityRefused('credentials.password.config: give either password or hashed_password.');
  const externalId = body.external_id === undefined || body.external_id === '' ? null : body.external_id;
  if (externalId !== null && Buffer.byteLength(externalId) > LONGEST_EXTERNAL_ID)
    throw new IdentityRefused(`external_id must not be longer than ${LONGEST_EXTERNAL_ID} bytes.`);
  return {
    schemaId: body.schema_id,
    traits: body.traits ?? {},
    state: body.state === 'inactive' ? 'inactive' : 'active',
    externalId,
    metadataPublic: body.metadata_public ?? null,
    metadataAdmin: body.metadata_admin ?? null,
    ...(password?.password === undefined ? {} : { password: password.password }),
    ...(password?.hashed_password === undefined ? {} : { hashedPassword: password.hashed_password }),
    verifiableAddresses: (body.verifiable_addresses ?? []).map((address) => ({
      value: address.value,
      via: address.via,
      verified: address.verified ?? false,
      status: address.status ?? (address.verified === true ? 'completed' : 'pending'),
      verifiedAt: address.verified_at === undefined ? undefined : new Date(address.verified_at),
    })),
  };
}

/** Any JSON: kept away from class-transformer, which calls what a key named "constructor" holds. */
const JSON_FIELDS = ['traits', 'metadata_public', 'metadata_admin'] as const;

/** Null is as good as absent, as clients that serialise every field expect. */
function validated(raw: object): CreateIdentityBody {
  const given = Object.fromEntries(Object.entries(raw).filter(([, value]) => value !== null));
  const json = JSON_FIELDS.filter((name) => Object.hasOwn(given, name)).map((name) => [name, given[name]] as const);
  for (const name of JSON_FIELDS) delete given[name];
  const body = Object.assign(instanceOf(given), Object.fromEntries(json));
  const problems = validateSync(body, {
    whitelist: true,
    forbidNonWhitelisted: true,
    validationError: { target: false, value: false },
  });
  if (problems.length > 0) throw new IdentityRefused(`${problems.flatMap((p) => textsOf(p)).join('; ')}.`);
  return body;
}

function instanceOf(given: object): CreateIdentityBody {
  try {
    return plainToInstance(CreateIdentityBody, given);
  } catch {
    throw new IdentityRefused('A field holds a key that is not allowed.');
  }
}

function textsOf({ property, constraints = {}, children = [] }: ValidationError, before = ''): string[] {
  const path = `${before}${property}`;
  const own = Object.entries(constraints).map(([rule, text]) =>
    rule === 'whitelistValidation' ? `unknown field "${path}"` : `${before}${text}`,
  );
  return [...own, ...children.flatMap((child) => textsOf(child, `${path}.`))];
}
