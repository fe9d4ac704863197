import {
  ConfigurationError,
  type Environment,
  ignoreHint,
  loadConfiguration,
  processEnvironment,
  type Problem,
  shown,
} from '../config/index.js';
import { extensionModules } from '../extensions/index.js';
import { CERTIFICATES, CONTENT } from './checks.js';

export interface ConfigCheckOptions {
  readonly files: readonly string[];
  readonly dev: boolean;
  /** modules in addition to those in the files */
  readonly extension?: readonly string[];
  readonly format: 'text' | 'json';
  /** default: the environment of the process */
  readonly env?: Environment;
}

export interface LineOutput {
  out(line: string): void;
  err(line: string): void;
}

/** The result, as `--format json` prints it: paths and rules, never a value. */
interface Findings {
  readonly ok: boolean;
  readonly problems: readonly Problem[];
  readonly warnings: readonly string[];
  readonly deviations: readonly string[];
  readonly environment_keys: readonly string[];
}

/** Loads the configuration as `serve` does, without starting anything. Exit code: 0 valid, 1 invalid. */
export async function runConfigCheck(options: ConfigCheckOptions, io: LineOutput): Promise<number> {
  const findings = await check(options);
  if (options.format === 'json') io.out(JSON.stringify(findings));
  else printText(findings, io);
  return findings.ok ? 0 : 1;
}

async function check({
  files,
  dev,
  extension = [],
  env = processEnvironment(),
}: ConfigCheckOptions): Promise<Findings> {
  try {
    const checks = [...CONTENT, ...CERTIFICATES];
    const { warnings, deviations, environment_keys } = await loadConfiguration({
      files,
      dev,
      env,
      checks,
      extensions: { loader: extensionModules, more: extension },
    });
    return { ok: true, problems: [], warnings, deviations, environment_keys };
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    const { problems, warnings } = error;
    return { ok: false, problems, warnings, deviations: [], environment_keys: [] };
  }
}

function printText({ ok, problems, warnings, deviations, environment_keys }: Findings, io: LineOutput): void {
  for (const line of shown(problems)) io.err(`problem: ${line}`);
  for (const hint of ignoreHint(problems)) io.err(hint);
  for (const warning of warnings) io.err(`warning: ${warning}`);
  for (const deviation of deviations) io.out(`as in Kratos: ${deviation}`);
  for (const key of environment_keys) io.out(`from the environment: ${key}`);
  if (ok) io.out('The configuration is valid.');
  else io.err(`The configuration is invalid: ${problems.length} to fix.`);
}
