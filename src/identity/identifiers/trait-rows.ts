import type { Random } from '../../platform/random/index.js';
import type { Extracted } from '../schema/addresses-of.js';

/** Rows of one identity's identifiers and addresses, in the form jsonb_to_recordset reads. */
export interface TraitRows {
  readonly credentials: readonly { id: string; type: string; config: Record<string, unknown> }[];
  readonly identifiers: readonly { id: string; type: string; value: string; normalized: string }[];
  readonly recovery: readonly { id: string; via: string; value: string; normalized: string }[];
  readonly verifiable: readonly { id: string; via: string; value: string; normalized: string }[];
}

/** Builds the rows that the traits call for. Identifier ids ascend in schema order, and are read back in that order. */
export function rowsOf(extracted: Extracted, random: Random, now: Date): TraitRows {
  const types = Object.entries(extracted.identifiers);
  let order = 0;
  const nextId = () => random.uuidV7(new Date(now.getTime() + order++));
  return {
    credentials: types.map(([type, found]) => ({ id: random.uuid(), type, config: configOf(type, found) })),
    identifiers: types.flatMap(([type, found]) =>
      found.map(({ value, normalized }) => ({ id: nextId(), type, value, normalized })),
    ),
    recovery: extracted.recovery.map(({ via, value, normalized }) => ({ id: random.uuid(), via, value, normalized })),
    verifiable: extracted.verification.map(({ via, value, normalized }) => ({
      id: random.uuid(),
      via,
      value,
      normalized,
    })),
  };
}

function configOf(type: string, found: readonly { value: string; via: string }[]): Record<string, unknown> {
  if (type !== 'code') return {};
  return { addresses: found.map(({ value, via }) => ({ address: value, channel: via })) };
}

/** Column definitions for the recordsets of identifiers and addresses. */
export const IDENTIFIER_COLUMNS = 'id uuid, type text, value text, normalized text';
export const ADDRESS_COLUMNS = 'id uuid, via text, value text, normalized text';
