import { readFile } from 'node:fs/promises';
import type { Environment } from '../config/index.js';
import {
  type KratosImportOptions,
  type KratosImportOutcome,
  type KratosImportService,
  type KratosPlan,
  LOSSES,
} from '../kratos-import/index.js';
import { BadRequest } from '../platform/errors/index.js';
import { isUuid } from '../platform/flow/index.js';
import { outcomeLines, planLines } from './import-kratos.lines.js';
import type { Io } from './io.js';
import type { Format } from './program.options.js';
import type { Progress } from './progress.js';
import { oneLine } from './text-table.js';
import { WrongUsage } from './wrong-usage.js';

export interface ImportKratosOptions {
  /** the variable that holds the DSN */
  readonly fromEnv?: string;
  /** the file that holds it, and nothing else */
  readonly fromFile?: string;
  readonly network?: string;
  readonly withSessions?: boolean;
  readonly dryRun?: boolean;
  readonly acceptLoss?: readonly string[];
  readonly format: Format;
}

/**
 * 0 as planned and verified; 3 nothing written, somebody must decide; 4 written, and the sides differ. A dry run has the one that
 * the import would have, as far as the plan can tell. Wrong usage: 2. Whatever else is thrown: 1.
 */
const EXIT: Readonly<Record<KratosImportOutcome['result'], number>> = { done: 0, undecided: 3, different: 4 };

/** Kratos' types that stay behind; a source may know others, which its plan then names. */
const LEFT_BEHIND = ['totp', 'lookup_secret', 'webauthn', 'passkey', 'saml'];

/**
 * What the options ask for, with the DSN.
 *
 * @throws WrongUsage; BadRequest where the DSN is not where it should be
 */
export async function importRequest(
  options: ImportKratosOptions,
  environment: Environment,
): Promise<KratosImportOptions> {
  const { network, withSessions = false, dryRun = false, acceptLoss = [] } = options;
  if (network !== undefined && !isUuid(network)) throw new WrongUsage('--network takes the id of a network, a UUID.');
  return { dsn: await readDsn(options, environment), network, withSessions, dryRun, acceptLoss };
}

/** Moves the identities of a Kratos database in. Prints ids, counts and names of kinds; never a value, never the DSN. */
export async function runImportKratos(
  service: Pick<KratosImportService, 'run'>,
  request: KratosImportOptions,
  format: Format,
  progress: Progress,
  io: Io,
): Promise<number> {
  const say = (lines: readonly string[]): void => lines.forEach((line) => io.out(line));
  const planned = (plan: KratosPlan): void => {
    progress.end();
    refuseUnknownLosses(request.acceptLoss, plan);
    if (format === 'text') say(planLines(plan));
  };
  try {
    const outcome = await service.run(request, {
      planned,
      progress: (phase, done, total) => progress.show(phase, done, total),
    });
    progress.end();
    if (format === 'json') io.out(JSON.stringify({ ...outcome, exit_code: EXIT[outcome.result] }));
    else say([...outcomeLines(outcome, request.dryRun), ...(request.dryRun ? wouldEnd(outcome) : [])]);
    return EXIT[outcome.result];
  } finally {
    progress.end();
  }
}

/** What a dry run knows of the end that the import would have; where somebody must decide, the plan has said it. */
function wouldEnd({ result, plan }: KratosImportOutcome): string[] {
  if (result !== 'different') return [];
  const { different } = plan.identities;
  return [
    `The import would end with exit code ${EXIT[result]}: ${different} identities are here with other data, and stay as they are.`,
  ];
}

/** Asked once the plan is there, and nothing written: only the source knows all types of credentials that it has. */
function refuseUnknownLosses(accepted: readonly string[], { network, found }: KratosPlan): void {
  if (network === undefined) return; // nothing was looked at: there is a blocker to say first
  const types = found.flatMap(({ finding, detail }) => (finding === 'credential_not_brought' ? [detail] : []));
  const known = [...new Set([...Object.values(LOSSES), ...LEFT_BEHIND, ...types])];
  const unknown = accepted.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new WrongUsage(oneLine(`--accept-loss does not know ${unknown.join(', ')}. It takes: ${known.join(', ')}.`));
}

async function readDsn({ fromEnv, fromFile }: ImportKratosOptions, environment: Environment): Promise<string> {
  if ((fromEnv === undefined) === (fromFile === undefined))
    throw new WrongUsage('Say where the DSN of the Kratos database is: --from-env NAME, or --from-file FILE.');
  if (fromEnv !== undefined) {
    const value = environment[fromEnv];
    // Whoever gives the DSN itself would otherwise see it again in the error, and in the log that keeps it.
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(fromEnv))
      throw new WrongUsage('--from-env takes the name of a variable, not its value.');
    if (value === undefined || value === '') throw new BadRequest(`The variable ${fromEnv} is not set.`);
    return value;
  }
  try {
    return (await readFile(fromFile!, 'utf8')).trim();
  } catch (error) {
    throw new BadRequest(
      `The file of --from-file cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'}).`,
    );
  }
}
