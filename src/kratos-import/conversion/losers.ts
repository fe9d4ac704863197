import { type Claim, claimsOf, type StoredIdentity } from '../../identity/privileged.js';
import type { Tally } from './tally.js';

const WHAT: Readonly<Record<Claim['kind'], string>> = {
  identifier: 'identifier',
  recovery: 'recovery address',
  verifiable: 'verifiable address',
  external_id: 'external id',
};

/** Identifiers and addresses that an identity can't keep, because another identity has them. */
export class Losers {
  readonly #claims = new Map<string, Set<string>>();

  add(claim: Claim): void {
    const keys = this.#claims.get(claim.identityId) ?? new Set();
    this.#claims.set(claim.identityId, keys.add(keyOf(claim)));
  }

  /** Removes what the identity can't keep. */
  leaveOut(identity: StoredIdentity, tally: Tally): StoredIdentity {
    const keys = this.#claims.get(identity.id);
    if (keys === undefined) return identity;
    for (const claim of claimsOf(identity))
      if (keys.has(keyOf(claim))) tally.add(identity.id, 'collision', WHAT[claim.kind]);
    const free = (kind: Claim['kind'], space: string, normalized: string): boolean =>
      !keys.has(keyOf({ kind, space, normalized }));
    return {
      ...identity,
      externalId:
        identity.externalId !== null && free('external_id', '', identity.externalId) ? identity.externalId : null,
      credentials: identity.credentials.map((credential) => ({
        ...credential,
        identifiers: credential.identifiers.filter(({ normalized }) => free('identifier', credential.type, normalized)),
      })),
      recoveryAddresses: identity.recoveryAddresses.filter((a) => free('recovery', a.via, a.normalized)),
      verifiableAddresses: identity.verifiableAddresses.filter((a) => free('verifiable', a.via, a.normalized)),
    };
  }
}

const keyOf = ({ kind, space, normalized }: Omit<Claim, 'identityId'>): string => `${kind} ${space} ${normalized}`;
