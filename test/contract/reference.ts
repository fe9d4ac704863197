import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const REFERENCE = join(import.meta.dirname, 'reference');
const ROOT = join(import.meta.dirname, '../..');

/** The runner's result for one scenario. */
export interface Played {
  scenario: string;
  passed: number;
  failed: number;
  failures: { step: string; reasons: string[] }[];
}

/** The files in SHA256SUMS: their path, and whether the copy has that digest. */
export function checksums(): { path: string; whole: boolean }[] {
  const lines = readFileSync(join(REFERENCE, 'SHA256SUMS'), 'utf8').trim().split('\n');
  return lines.map((line) => {
    const [digest, path] = line.split(/ [ *]/) as [string, string];
    const found = createHash('sha256').update(readFileSync(join(REFERENCE, path)));
    return { path, whole: found.digest('hex') === digest };
  });
}

/** Every file of the copy, in the format of SHA256SUMS. */
export function filesOfTheCopy(): string[] {
  const entries = readdirSync(REFERENCE, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return entries.map((entry) => `.${join(entry.parentPath, entry.name).slice(REFERENCE.length)}`).sort();
}

/** The scenarios of each suite file, in the runner's order and with the runner's names. */
export async function scenarios(): Promise<Map<string, string[]>> {
  const suites = new Map<string, string[]>();
  for (const file of readdirSync(join(REFERENCE, 'scenarios')).sort()) {
    const suite = (await import(pathToFileURL(join(REFERENCE, 'scenarios', file)).href)) as { scenarios: object };
    const name = file.replace(/\.mjs$/, '');
    suites.set(
      name,
      Object.keys(suite.scenarios).map((scenario) => `${name} › ${scenario}`),
    );
  }
  return suites;
}

/**
 * Plays scenarios against the build from `npm run build`, with one server per profile.
 * @param parity true: Kratos' behaviour; false: safe defaults
 * @param suites files to play; absent: all
 * @returns the report by scenario, and the runner's output for a profile whose server did not start
 */
export async function play({ parity = true, suites = [] as readonly string[] } = {}): Promise<{
  report: Map<string, Played>;
  output: string;
}> {
  const work = mkdtempSync(join(tmpdir(), 'regain-contract-'));
  try {
    const json = join(work, 'report.json');
    const token = `ory_pat_${randomBytes(16).toString('hex')}`;
    // The runner's files go to `work`; the server creates its own temporary directories as usual.
    const start = [
      `TMPDIR='${tmpdir()}' REGAIN_ACCESS_TOKEN=${token} exec '${process.execPath}' '${join(ROOT, 'bin/regain.js')}' serve`,
      `-c "$CONFIG" ${parity ? `-c '${join(ROOT, 'config/kratos-parity.yml')}'` : ''}`,
    ].join(' ');
    const filter = suites.length === 0 ? [] : ['--filter', suites.join(',')];
    const runner = ['run.mjs', '--all', ...filter, '--json', json, '--token', token, '--start', start];
    const output = await run(process.execPath, runner, { ...process.env, TMPDIR: work, NODE_ENV: 'production' });
    const played = JSON.parse(readFileSync(json, 'utf8')) as Played[];
    const log = /its log: (.*)/.exec(output)?.[1];
    return {
      report: new Map(played.map((one) => [one.scenario, one])),
      output: log === undefined ? output : `${output}\n${readFileSync(log, 'utf8')}`,
    };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function run(command: string, args: string[], env: NodeJS.ProcessEnv): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: REFERENCE, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('error', reject);
    child.on('exit', (code) => (code === 0 || code === 1 ? resolve(output) : reject(new Error(`runner: ${output}`))));
  });
}
