import { Injectable } from '@nestjs/common';
import { BROUGHT } from '../conversion/brought.js';
import { identifierOf, isComparedAsFolded } from '../conversion/identifiers.js';
import type { Losers } from '../conversion/losers.js';
import type { KratosSpelling } from '../source/kratos-rows.js';
import type { KratosSource } from '../source/kratos-source.js';

const FOLDED_TYPES = BROUGHT.filter(isComparedAsFolded);
const KEYS_AT_ONCE = 5_000;

/**
 * Finds identifiers and addresses that differ in Kratos but are equal in Regain. The oldest identity keeps them.
 *
 * At least one value of each colliding group isn't in normalized form. Only those are kept in memory, and there are few: Kratos
 * stores lower case.
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

/** Groups the row by its normalized value. */
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
