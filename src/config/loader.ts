import 'reflect-metadata';
import { dirname, resolve } from 'node:path';
import { ConfigurationError, type Problem } from './config.errors.js';
import { Configuration } from './configuration.js';
import { deriveValues } from './derive.js';
import { deviationsOf } from './deviations.js';
import { applyEnvironment, type Environment } from './environment.js';
import { FileShape } from './file-shape.js';
import { readFiles, withAbsoluteSchemas } from './files.js';
import type { ExtensionLoader } from './extension-loader.js';
import { loadGuests } from './guests.js';
import { leaveOutIgnored } from './ignored-keys.js';
import { readSection } from './read-section.js';
import type { Report } from './report.js';
import { RULES } from './rules/index.js';
import { loadSchemaDocuments } from './schema-documents.js';
import { settleSecondFactors } from './second-factors.js';

export interface ConfigurationInput {
  /** paths of YAML files; later ones win */
  readonly files: readonly string[];
  readonly env: Environment;
  /** like `dev: true` in a file */
  readonly dev?: boolean;
  /** base of relative paths; default: the working directory */
  readonly cwd?: string;
  /** checks of other modules */
  readonly checks?: readonly ConfigurationCheck[];
  /** Absent: a configuration that lists extensions is refused. */
  readonly extensions?: ExtensionsInput;
}

export interface ExtensionsInput {
  readonly loader: ExtensionLoader;
  /** Modules besides those that the files list, relative to the working directory. */
  readonly more?: readonly string[];
  /** True: none is loaded, whatever the files list. */
  readonly none?: boolean;
}

/** Checks what values refer to: files, certificates, the content of a schema. */
export interface ConfigurationCheck {
  /** Paths of the keys it checks. If one of them is already known to be wrong, the check is skipped. */
  readonly reads: readonly string[];
  /** Resolves to warnings. @throws ConfigurationError */
  run(configuration: Configuration): Promise<readonly string[]>;
}

/**
 * Reads the files, overrides them with the environment, and applies every rule.
 *
 * @throws ConfigurationError with all problems, never with a value
 */
export async function loadConfiguration(input: ConfigurationInput): Promise<Configuration> {
  const cwd = input.cwd ?? process.cwd();
  const report: Report = { problems: [], warnings: [] };
  const files = await readFiles(input.files, cwd, report.problems);
  const unread = report.problems.length > 0;
  const environment = await applyEnvironment(files, input.env, cwd, report.problems);
  const given = withAbsoluteSchemas({ ...environment.tree, ...(input.dev ? { dev: true } : {}) }, cwd, cwd);
  const guests = await loadGuests(
    {
      tree: given,
      env: input.env,
      more: (input.extensions?.more ?? []).map((module) => ({ module, from: cwd })),
      loader: input.extensions?.loader,
      none: input.extensions?.none ?? false,
    },
    report,
  );
  const tree = settleSecondFactors(leaveOutIgnored(guests.rest, report), report);

  const file = readSection(FileShape, tree, [], report);
  // Don't report keys as missing: the unreadable file may have them.
  if (unread) throw new ConfigurationError(report.problems, report.warnings);
  deriveValues(file, tree, cwd, report);
  applyRules(file, report);
  const dataDir = resolve(cwd, file.regain.embedded.data_dir);
  const schemas = await loadSchemaDocuments(file.identity.schemas, dataDir, report, [
    cwd,
    ...input.files.map((name) => dirname(resolve(cwd, name))),
  ]);
  const found = {
    schemas,
    environment_keys: [...environment.keys, ...guests.keys],
    deviations: deviationsOf(file.regain),
    extensions: guests.extensions,
  };
  await runChecks(new Configuration(file, { ...found, warnings: [] }), input.checks ?? [], report);
  if (report.problems.length > 0) throw new ConfigurationError(report.problems, report.warnings);
  return new Configuration(file, { ...found, warnings: report.warnings });
}

async function runChecks(
  configuration: Configuration,
  checks: readonly ConfigurationCheck[],
  { problems, warnings }: Report,
): Promise<void> {
  const wrong = problems.map(({ path }) => path);
  for (const { reads, run } of checks) {
    if (reads.some((key) => wrong.some((path) => isAtOrBelow(path, key)))) continue;
    try {
      warnings.push(...(await run(configuration)));
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      problems.push(...error.problems);
      warnings.push(...error.warnings);
    }
  }
}

const isAtOrBelow = (path: string, key: string): boolean =>
  path === key || path.startsWith(`${key}.`) || path.startsWith(`${key}[`);

/** Skips keys that have already been reported. */
function applyRules(file: FileShape, { problems, warnings }: Report): void {
  const known = new Set(problems.map(({ path }) => path));
  const isNew = ({ path }: Problem) => !known.has(path) && ![...known].some((wrong) => wrong.startsWith(`${path}.`));
  for (const rule of RULES) {
    const found = rule(file);
    problems.push(...(found.problems ?? []).filter(isNew));
    warnings.push(...(found.warnings ?? []));
  }
}
