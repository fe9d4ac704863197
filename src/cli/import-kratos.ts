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
  /** environment variable with the DSN */
  readonly fromEnv?: string;
  /** file that contains the DSN and nothing else */
  readonly fromFile?: string;
  readonly network?: string;
  readonly withSessions?: boolean;
  readonly dryRun?: boolean;
  readonly acceptLoss?: readonly string[];
  readonly format: Format;
}

/**
 * 0 imported as planned and verified; 3 nothing written, a decision is open; 4 written, but the two sides differ. A dry run
 * predicts the code of the import as far as the plan allows. Wrong usage exits with 2, any other error with 1.
 */
const EXIT: Readonly<Record<KratosImportOutcome['result'], number>> = { done: 0, undecided: 3, different: 4 };

/** Kratos' credential types that are left behind. A source may have others; its plan names them. */
const LEFT_BEHIND = ['totp', 'lookup_secret', 'webauthn', 'passkey', 'saml'];

/**
 * Turns the options into a request, and reads the DSN.
 *
 * @throws WrongUsage; BadRequest if the DSN can't be read
 */
export async function importRequest(
  options: ImportKratosOptions,
  environment: Environment,
): Promise<KratosImportOptions> {
  const { network, withSessions = false, dryRun = false, acceptLoss = [] } = options;
  if (network !== undefined && !isUuid(network))
    throw new WrongUsage('--network must be the id of a network (a UUID).');
  return { dsn: await readDsn(options, environment), network, withSessions, dryRun, acceptLoss };
}

/** Imports the identities of a Kratos database. Prints ids, counts and kinds, never a value or the DSN. */
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

/** Predicts how the import would end. If a decision is open, the plan has already said so. */
function wouldEnd({ result, plan }: KratosImportOutcome): string[] {
  if (result !== 'different') return [];
  const { different } = plan.identities;
  return [
    `The import would exit with ${EXIT[result]}: ${different} identities already exist with different data and would not be changed.`,
  ];
}

/** Runs after planning, before anything is written: only the source knows all its credential types. */
function refuseUnknownLosses(accepted: readonly string[], { network, found }: KratosPlan): void {
  if (network === undefined) return; // nothing was read: report the blocker first
  const types = found.flatMap(({ finding, detail }) => (finding === 'credential_not_brought' ? [detail] : []));
  const known = [...new Set([...Object.values(LOSSES), ...LEFT_BEHIND, ...types])];
  const unknown = accepted.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new WrongUsage(oneLine(`Unknown --accept-loss: ${unknown.join(', ')}. Choose from: ${known.join(', ')}.`));
}

async function readDsn({ fromEnv, fromFile }: ImportKratosOptions, environment: Environment): Promise<string> {
  if ((fromEnv === undefined) === (fromFile === undefined))
    throw new WrongUsage('Name the place of the Kratos DSN with either --from-env NAME or --from-file FILE.');
  if (fromEnv !== undefined) {
    const value = environment[fromEnv];
    // If somebody passes the DSN itself, don't repeat it in the error or a log.
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(fromEnv))
      throw new WrongUsage('--from-env must be the name of a variable, not its value.');
    if (value === undefined || value === '') throw new BadRequest(`The variable ${fromEnv} is not set.`);
    return value;
  }
  try {
    return (await readFile(fromFile!, 'utf8')).trim();
  } catch (error) {
    throw new BadRequest(`Can't read the file of --from-file (${(error as NodeJS.ErrnoException).code ?? 'unknown'}).`);
  }
}
