import { readFile } from 'node:fs/promises';
import type { Environment } from '../config/index.js';
import type { KratosImportOutcome, KratosImportService, KratosPlan } from '../kratos-import/index.js';
import { BadRequest } from '../platform/errors/index.js';
import { isUuid } from '../platform/flow/index.js';
import { outcomeLines, planLines } from './import-kratos.lines.js';
import type { Io } from './io.js';
import type { Format } from './program.options.js';
import type { Progress } from './progress.js';
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

/** 0 as planned and verified; 3 nothing written, somebody must decide; 4 written, and the sides differ. What is thrown: 1. */
const EXIT: Readonly<Record<KratosImportOutcome['result'], number>> = { done: 0, undecided: 3, different: 4 };

/** Moves the identities of a Kratos database in. Prints ids, counts and names of kinds; never a value, never the DSN. */
export async function runImportKratos(
  service: Pick<KratosImportService, 'run'>,
  options: ImportKratosOptions,
  environment: Environment,
  progress: Progress,
  io: Io,
): Promise<number> {
  if (options.network !== undefined && !isUuid(options.network))
    throw new WrongUsage('--network takes the id of a network, a UUID.');
  const dsn = await readDsn(options, environment);
  const { network, withSessions = false, dryRun = false, acceptLoss = [], format } = options;
  const say = (lines: readonly string[]): void => lines.forEach((line) => io.out(line));
  const planned = (plan: KratosPlan): void => {
    progress.end();
    if (format === 'text') say(planLines(plan));
  };
  try {
    const outcome = await service.run(
      { dsn, network, withSessions, dryRun, acceptLoss },
      { planned, progress: (phase, done, total) => progress.show(phase, done, total) },
    );
    progress.end();
    if (format === 'json') io.out(JSON.stringify({ ...outcome, exit_code: EXIT[outcome.result] }));
    else say(outcomeLines(outcome, dryRun));
    return EXIT[outcome.result];
  } finally {
    progress.end();
  }
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
