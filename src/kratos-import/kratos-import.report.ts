import type { KratosCounts } from './source/kratos-rows.js';

export interface KratosImportOptions {
  readonly dsn: string;
  /** default: the only one with identities */
  readonly network?: string | undefined;
  readonly withSessions: boolean;
  /** plan only, write nothing */
  readonly dryRun: boolean;
  /** accepted losses: credential types and the names in LOSSES */
  readonly acceptLoss: readonly string[];
  /** identities per transaction */
  readonly batchSize?: number;
}

/** A finding about one identity. */
export type Finding =
  /** detail: the type; in use, and its contents are left behind */
  | 'credential_not_brought'
  /** detail: the type; a row without a secret */
  | 'credential_empty'
  /** detail: the reason */
  | 'password_not_brought'
  /** imported without an identifier: unusable until the identity gets one */
  | 'password_without_identifier'
  /** detail: what; empty or too long after normalization */
  | 'identifier_not_brought'
  /** detail: what; another identity has an equal one */
  | 'collision'
  /** detail: what; the identity had it in two spellings */
  | 'merged'
  /**
   * detail: the type, imported as a row without its secret; `unnamed`: no credential, only Kratos' `available_aal`;
   * empty: all identities with a second factor, each once
   */
  | 'second_factor'
  | 'traits_invalid'
  | 'organization'
  | 'provider_tokens'
  /** the token has an old format that Regain never looks up */
  | 'session_not_brought'
  /** not imported, because its identity existed in Regain before */
  | 'session_of_earlier_identity'
  /** the identity already exists with different data and is not changed */
  | 'exists_differently';

/** The `--accept-loss` name of a finding's loss. Credential types have their own names. */
export const LOSSES: Partial<Record<Finding, string>> = {
  password_not_brought: 'passwords',
  identifier_not_brought: 'identifiers',
  collision: 'collisions',
};

export interface Found {
  readonly finding: Finding;
  readonly detail: string;
  /** number of identities or sessions */
  readonly count: number;
  /** ids of the first thousand identities */
  readonly ids: readonly string[];
}

/** The losses in the findings, by `--accept-loss` name. */
export function lossesIn(found: readonly Found[]): { name: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const { finding, detail, count } of found) {
    const name = finding === 'credential_not_brought' ? detail : LOSSES[finding];
    if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + count);
  }
  return [...counts].map(([name, count]) => ({ name, count }));
}

export interface HashCount {
  readonly kind: string;
  readonly fate: 'kept' | 'wrapped' | 'too_costly' | 'unknown';
  readonly count: number;
}

/** An open decision; nothing is written until it is made. */
export interface Blocker {
  readonly reason: 'choose_network' | 'unknown_network' | 'unknown_schemas' | 'loss';
  readonly text: string;
  /** the `--accept-loss` name */
  readonly accept?: string;
}

export interface KratosPlan {
  readonly networks: readonly { id: string; identities: number }[];
  /** undefined: no network was chosen, and the rest is empty */
  readonly network?: string;
  readonly counts?: KratosCounts;
  readonly schemas: readonly { id: string; identities: number; known: boolean }[];
  /** `earlier`: already here and equal; `different`: already here with different data */
  readonly identities: { readonly fresh: number; readonly earlier: number; readonly different: number };
  readonly sessions: number;
  readonly hashes: readonly HashCount[];
  readonly found: readonly Found[];
  /** the configured handling of second factors */
  readonly secondFactor: 'refuse' | 'ignore';
  readonly blockers: readonly Blocker[];
}

export interface Written {
  readonly run: string;
  readonly identities: number;
  readonly sessions: number;
  /** rows for second factors, including those added to identities that an earlier version imported */
  readonly secondFactors: number;
  readonly seconds: number;
}

export interface Verification {
  readonly compared: number;
  readonly equal: number;
  /** ids that are in the source but not in Regain */
  readonly missing: readonly string[];
  /** `parts`: the differing parts */
  readonly different: readonly { readonly id: string; readonly parts: readonly string[] }[];
  readonly sessions: { readonly expected: number; readonly equal: number };
  /** hexadecimal SHA-256 over all compared data, for each side */
  readonly digests: { readonly source: string; readonly target: string };
}

/**
 * `done`: imported as planned and verified. `undecided`: nothing was written. `different`: written, but the two sides differ.
 * A dry run writes and verifies nothing and predicts the result as far as the plan allows.
 */
export interface KratosImportOutcome {
  readonly result: 'done' | 'undecided' | 'different';
  readonly plan: KratosPlan;
  readonly written?: Written;
  readonly verification?: Verification;
}

/** Callbacks, called in order and awaited. */
export interface KratosImportObserver {
  planned?(plan: KratosPlan): void | Promise<void>;
  progress?(phase: 'plan' | 'write' | 'verify', done: number, total: number): void | Promise<void>;
}
