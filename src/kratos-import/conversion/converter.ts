import { Injectable } from '@nestjs/common';
import {
  ImportedPasswords,
  type StoredAddress,
  type StoredCredential,
  type StoredIdentity,
  type StoredVerifiableAddress,
} from '../../identity/privileged.js';
import { type ImportedSession, SessionBulk } from '../../session/index.js';
import type { KratosAddress, KratosIdentity, KratosVerifiableAddress } from '../source/kratos-rows.js';
import { credentialsOf } from './credentials.js';
import { eachOnce, identifierOf } from './identifiers.js';
import type { Losers } from './losers.js';
import { isMark } from './second-factors.js';
import { sessionsOf } from './sessions.js';
import { Tally } from './tally.js';

export interface Converted {
  readonly identity: StoredIdentity;
  readonly sessions: readonly ImportedSession[];
}

/** Converts Kratos' rows to Regain's rows. Deterministic: the same input yields the same rows. */
@Injectable()
export class Converter {
  constructor(
    private readonly passwords: ImportedPasswords,
    private readonly sessions: SessionBulk,
  ) {}

  /** @param tally records what is left behind, and notes about what is imported */
  convert(given: KratosIdentity, losers: Losers, tally = new Tally()): Converted {
    const credentials = credentialsOf(given.credentials, (hash) => this.passwords.fateOf(hash), tally);
    const secondFactor = this.#hasSecondFactor(given, credentials.filter(isMark), tally);
    if (given.organization) tally.add(given.id, 'organization');
    const identity: StoredIdentity = {
      id: given.id,
      schemaId: given.schemaId,
      state: given.state === 'active' ? 'active' : 'inactive',
      stateChangedAt: given.stateChangedAt ?? given.createdAt,
      traits: given.traits,
      metadataPublic: withoutNull(given.metadataPublic),
      metadataAdmin: withoutNull(given.metadataAdmin),
      externalId: this.#externalId(given, tally),
      availableAal: secondFactor ? 'aal2' : 'aal1',
      createdAt: given.createdAt,
      updatedAt: given.updatedAt,
      credentials,
      recoveryAddresses: addressesOf(given.id, 'recovery address', given.recoveryAddresses, addressOf, tally),
      verifiableAddresses: addressesOf(given.id, 'verifiable address', given.verifiableAddresses, verifiableOf, tally),
    };
    const sessions = sessionsOf(given, (token) => this.sessions.accepts(token), tally);
    const brought = losers.leaveOut(identity, tally);
    if (hasUselessPassword(brought)) tally.add(given.id, 'password_without_identifier');
    return { identity: brought, sessions };
  }

  #hasSecondFactor({ id, availableAal }: KratosIdentity, marks: readonly StoredCredential[], tally: Tally): boolean {
    if (marks.length === 0 && availableAal !== 'aal2') return false;
    tally.add(id, 'second_factor');
    for (const { type } of marks) tally.add(id, 'second_factor', type);
    if (marks.length === 0) tally.add(id, 'second_factor', 'unnamed');
    return true;
  }

  #externalId({ id, externalId }: KratosIdentity, tally: Tally): string | null {
    if (externalId === null || externalId === '') return null;
    if (Buffer.byteLength(externalId) <= 1_024) return externalId;
    tally.add(id, 'identifier_not_brought', 'external id');
    return null;
  }
}

/** Without an identifier, a password is unusable, in Kratos as well as in Regain. */
const hasUselessPassword = ({ credentials }: StoredIdentity): boolean =>
  credentials.some(
    ({ type, config, identifiers }) => type === 'password' && 'hashed_password' in config && identifiers.length === 0,
  );

/** Kratos stores JSON null for missing values. */
const withoutNull = (json: string | null): string | null => (json === 'null' ? null : json);

function addressesOf<Given extends KratosAddress, Row extends StoredAddress>(
  identityId: string,
  what: string,
  given: readonly Given[],
  make: (address: Given) => Row | undefined,
  tally: Tally,
): Row[] {
  const { rows, merged, unusable } = eachOnce(given, make, ({ via }) => via);
  if (merged > 0) tally.add(identityId, 'merged', what);
  if (unusable > 0) tally.add(identityId, 'identifier_not_brought', what);
  return rows;
}

function addressOf({ id, via, value, createdAt, updatedAt }: KratosAddress): StoredAddress | undefined {
  const identifier = identifierOf(value);
  return identifier && { id, via, ...identifier, createdAt, updatedAt };
}

function verifiableOf(address: KratosVerifiableAddress): StoredVerifiableAddress | undefined {
  const { verified, status, verifiedAt } = address;
  const row = addressOf(address);
  return row && { ...row, verified, status, verifiedAt };
}
