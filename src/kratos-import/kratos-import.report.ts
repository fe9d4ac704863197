import type { KratosCounts } from './source/kratos-rows.js';

export interface KratosImportOptions {
  readonly dsn: string;
  /** absent: the only one that has identities */
  readonly network?: string | undefined;
  readonly withSessions: boolean;
  /** look and say, write nothing */
  readonly dryRun: boolean;
  /** names of losses that are fine: credential types, and those of LOSSES */
  readonly acceptLoss: readonly string[];
  /** identities a transaction */
  readonly batchSize?: number;
}

/** What can be said of one identity. */
export type Finding =
  /** detail: the type; somebody uses it, and what is in it stays behind */
  | 'credential_not_brought'
  /** detail: the type; a row without a secret in it */
  | 'credential_empty'
  /** detail: why */
  | 'password_not_brought'
  /** the hash comes, and no identifier leads to it: nobody can sign in with it until the identity has one */
  | 'password_without_identifier'
  /** detail: what; nothing is left of it when compared, or it is too long to be kept */
  | 'identifier_not_brought'
  /** detail: what; another identity has one that compares as the same */
  | 'collision'
  /** detail: what; the identity had it twice, spelled differently */
  | 'merged'
  /**
   * detail: the type, of which a row without its secret comes; `unnamed`: no credential says which, only Kratos' `available_aal`;
   * empty: all identities that have one, each once
   */
  | 'second_factor'
  | 'traits_invalid'
  | 'organization'
  | 'provider_tokens'
  /** the token is of a form that is never looked up */
  | 'session_not_brought'
  /** the session ends with the move: its identity was in Regain before */
  | 'session_of_earlier_identity'
  /** the identity is here already, with other data: it is left as it is */
  | 'exists_differently';

/** What is lost with a finding, as `--accept-loss` calls it; credential types go by their own names. */
export const LOSSES: Partial<Record<Finding, string>> = {
  password_not_brought: 'passwords',
  identifier_not_brought: 'identifiers',
  collision: 'collisions',
};

export interface Found {
  readonly finding: Finding;
  readonly detail: string;
  /** identities, or sessions */
  readonly count: number;
  /** of identities; the first thousand */
  readonly ids: readonly string[];
}

/** What stays behind, as `--accept-loss` calls it. */
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

/** Why nothing is written until somebody decides. */
export interface Blocker {
  readonly reason: 'choose_network' | 'unknown_network' | 'unknown_schemas' | 'loss';
  readonly text: string;
  /** for `--accept-loss` */
  readonly accept?: string;
}

export interface KratosPlan {
  readonly networks: readonly { id: string; identities: number }[];
  /** absent: none was chosen, and nothing below was looked at */
  readonly network?: string;
  readonly counts?: KratosCounts;
  readonly schemas: readonly { id: string; identities: number; known: boolean }[];
  /** `earlier`: here already, and the same; `different`: here already with other data */
  readonly identities: { readonly fresh: number; readonly earlier: number; readonly different: number };
  readonly sessions: number;
  readonly hashes: readonly HashCount[];
  readonly found: readonly Found[];
  /** what happens to identities with a second factor */
  readonly secondFactor: 'refuse' | 'ignore';
  readonly blockers: readonly Blocker[];
}

export interface Written {
  readonly run: string;
  readonly identities: number;
  readonly sessions: number;
  /** rows that stand for second factors, also of identities that an earlier version brought without */
  readonly secondFactors: number;
  readonly seconds: number;
}

export interface Verification {
  readonly compared: number;
  readonly equal: number;
  /** in the source and not here */
  readonly missing: readonly string[];
  /** `parts`: what differs */
  readonly different: readonly { readonly id: string; readonly parts: readonly string[] }[];
  readonly sessions: { readonly expected: number; readonly equal: number };
  /** SHA-256 over everything that was compared, read from each side, in hexadecimal */
  readonly digests: { readonly source: string; readonly target: string };
}

/**
 * `done`: as planned and verified. `undecided`: nothing was written. `different`: written, and the sides differ. A dry run, which
 * writes and verifies nothing, has what the import would have as far as the plan can tell.
 */
export interface KratosImportOutcome {
  readonly result: 'done' | 'undecided' | 'different';
  readonly plan: KratosPlan;
  readonly written?: Written;
  readonly verification?: Verification;
}

/** Told what happens, in order; waited for. */
export interface KratosImportObserver {
  planned?(plan: KratosPlan): void | Promise<void>;
  progress?(phase: 'plan' | 'write' | 'verify', done: number, total: number): void | Promise<void>;
}
