import type { HashFate, StoredCredential } from '../../identity/privileged.js';
import type { KratosCredential } from '../source/kratos-rows.js';
import { BROUGHT } from './brought.js';
import { eachOnce, identifierOf } from './identifiers.js';
import { type Json, jsonOf, listOf, textOf } from './json.js';
import { isInUse, marksOf } from './second-factors.js';
import type { Tally } from './tally.js';

type FateOf = (hash: string) => HashFate;

/** The imported credentials, at most one per type. Password hashes are still unchanged. */
export function credentialsOf(given: readonly KratosCredential[], fateOf: FateOf, tally: Tally): StoredCredential[] {
  for (const credential of given)
    if (!isBrought(credential.type))
      tally.add(
        credential.identityId,
        isInUse(credential) ? 'credential_not_brought' : 'credential_empty',
        credential.type,
      );
  const brought = BROUGHT.flatMap((type) => {
    const ofType = given.filter((credential) => credential.type === type);
    const credential = ofType.length === 0 ? undefined : credentialOf(type, ofType, fateOf, tally);
    return credential === undefined ? [] : [credential];
  });
  return [...brought, ...marksOf(given)];
}

const isBrought = (type: string): boolean => BROUGHT.some((brought) => brought === type);

function credentialOf(
  type: (typeof BROUGHT)[number],
  ofType: readonly KratosCredential[],
  fateOf: FateOf,
  tally: Tally,
): StoredCredential | undefined {
  const first = ofType[0]!;
  const { id, identityId, version, createdAt, updatedAt } = first;
  const identifiers = eachOnce(
    ofType.flatMap((credential) => credential.identifiers),
    (value) => identifierOf(value, type),
  );
  if (identifiers.merged > 0) tally.add(identityId, 'merged', type);
  if (identifiers.unusable > 0) tally.add(identityId, 'identifier_not_brought', type);
  const config =
    type === 'password'
      ? passwordOf(ofType, fateOf, tally)
      : type === 'oidc'
        ? providersOf(ofType, tally)
        : codeOf(
            ofType,
            identifiers.rows.map(({ value }) => value),
          );
  if (identifiers.rows.length === 0 && Object.keys(config).length === 0) {
    tally.add(identityId, 'credential_empty', type);
    return undefined;
  }
  return { id, type, config, version, createdAt, updatedAt, identifiers: identifiers.rows };
}

/** Picks the first hash that Regain can verify. */
function passwordOf(ofType: readonly KratosCredential[], fateOf: FateOf, tally: Tally): Json {
  let kept: string | undefined;
  for (const { identityId, config } of ofType) {
    const json = jsonOf(config);
    const hash = textOf(json['hashed_password']);
    if (hash === '') {
      if (json['use_password_migration_hook'] === true) tally.add(identityId, 'password_not_brought', 'migration hook');
      continue;
    }
    const fate = fateOf(hash);
    tally.addHash(fate);
    if (fate.fate === 'too_costly') tally.add(identityId, 'password_not_brought', `${fate.kind}: too costly`);
    else if (fate.fate === 'unknown')
      tally.add(
        identityId,
        'password_not_brought',
        fate.kind === 'unknown' ? 'unknown kind of hash' : `${fate.kind}: cannot be verified`,
      );
    else if (kept !== undefined) tally.add(identityId, 'password_not_brought', 'second password');
    else kept = hash;
  }
  return kept === undefined ? {} : { hashed_password: kept };
}

/** The connections to providers, without the tokens that the providers issued. */
function providersOf(ofType: readonly KratosCredential[], tally: Tally): Json {
  const given = ofType.flatMap(({ config }) => listOf(jsonOf(config)['providers']));
  const tokens = ['initial_id_token', 'initial_access_token', 'initial_refresh_token'];
  if (given.some((provider) => tokens.some((name) => textOf(provider[name]) !== '')))
    tally.add(ofType[0]!.identityId, 'provider_tokens');
  const providers = given.map((provider) => {
    const organization = textOf(provider['organization']);
    return {
      subject: textOf(provider['subject']),
      provider: textOf(provider['provider']),
      ...(organization === '' ? {} : { organization }),
    };
  });
  return providers.length === 0 ? {} : { providers };
}

/** Older rows only have the channel; their identifiers are the addresses. */
function codeOf(ofType: readonly KratosCredential[], identifiers: readonly string[]): Json {
  const configs = ofType.map(({ config }) => jsonOf(config));
  const addresses = configs.flatMap((config) =>
    listOf(config['addresses']).map((each) => ({
      address: textOf(each['address']),
      channel: textOf(each['channel']).trim(),
    })),
  );
  if (addresses.length > 0) return { addresses };
  const channel = configs.map((config) => textOf(config['address_type']).trim()).find((text) => text !== '') ?? 'email';
  return identifiers.length === 0 ? {} : { addresses: identifiers.map((address) => ({ address, channel })) };
}
