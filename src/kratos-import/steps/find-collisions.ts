import { Injectable } from '@nestjs/common';
import { BROUGHT } from '../conversion/brought.js';
import { identifierOf, isComparedAsFolded } from '../conversion/identifiers.js';
import type { Losers } from '../conversion/losers.js';
import type { KratosSpelling } from '../source/kratos-rows.js';
import type { KratosSource } from '../source/kratos-source.js';

const FOLDED_TYPES = BROUGHT.filter(isComparedAsFolded);
const KEYS_AT_ONCE = 5_000;

/**
 * Identifiers and addresses that differ in Kratos and are one in Regain. The identity that was made first keeps it.
 *
 * Two that are spelled as they are compared differ here too, so of each group at least one is spelled otherwise: only those
 * are held in memory, and Kratos itself lets few of them in (it lowers the case of what it stores).
 */
@Injectable()
export class FindCollisions {
  async run(source: KratosSource, network: string, losers: Losers): Promise<void> {
    const groups = new Map<string, KratosSpelling[]>();
    for await (const rows of source.oddSpellings(network, FOLDED_TYPES)) for (const row of rows) addTo(groups, row);
    const keys = [...groups.values()].map(([first]) => first!);
    for (let from = 0; from < keys.length; from += KEYS_AT_ONCE) {
      const some = keys.slice(from, from + KEYS_AT_ONCE);
      for (const row of await source.sameSpellings(network, FOLDED_TYPES, some)) groups.get(keyOf(row))?.push(row);
    }
    for (const group of groups.values())
      for (const row of allButOldest(group)) losers.add({ ...row, normalized: row.value });
  }
}

/** Under what it is compared by, which is then its value. */
function addTo(groups: Map<string, KratosSpelling[]>, row: KratosSpelling): void {
  const { normalized } = identifierOf(row.value) ?? {};
  if (normalized === undefined || normalized === row.value) return;
  const folded = { ...row, value: normalized };
  const group = groups.get(keyOf(folded));
  if (group === undefined) groups.set(keyOf(folded), [folded]);
  else group.push(folded);
}

function allButOldest(group: readonly KratosSpelling[]): KratosSpelling[] {
  const [oldest, ...rest] = [...group].sort((a, b) => (ageOf(a) < ageOf(b) ? -1 : 1));
  return rest.filter(({ identityId }) => identityId !== oldest?.identityId);
}

const ageOf = ({ createdAt, identityId }: KratosSpelling): string => `${createdAt} ${identityId}`;
const keyOf = ({ kind, space, value }: KratosSpelling): string => `${kind} ${space} ${value}`;
