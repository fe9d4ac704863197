import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { ConfigurationError, loadConfiguration } from '../../src/config/index.js';
import type { Configuration, Problem } from '../../src/config/index.js';

/** The smallest configuration that loads. All else has defaults, with which no recovery is possible. */
export const BARE = `
dsn: memory
identity:
  default_schema_id: person
  schemas: [{ id: person, url: 'base64://e30K' }]
`;

/** The same with recovery by link, so that there are no warnings. */
export const LEAST = `${BARE}
selfservice:
  methods: { link: { enabled: true } }
  flows: { recovery: { enabled: true, use: link } }
`;

export interface Given {
  /** YAML texts; later ones win. The first one defaults to `LEAST`. */
  readonly yaml?: readonly string[];
  readonly least?: string;
  readonly env?: Record<string, string>;
  readonly dev?: boolean;
}

/** A folder that is deleted after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'regain-config-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export async function load({ yaml = [], least = LEAST, env = {}, dev }: Given): Promise<Configuration> {
  const cwd = await temporaryFolder();
  const files = [least, ...yaml].map((text, index) => ({ name: `${index}.yml`, text }));
  for (const { name, text } of files) await writeFile(join(cwd, name), text);
  return loadConfiguration({ files: files.map(({ name }) => name), env, cwd, ...(dev === undefined ? {} : { dev }) });
}

/** The configuration's problems; an empty list if it loads. */
export async function problemsOf(given: Given): Promise<readonly Problem[]> {
  try {
    await load(given);
    return [];
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
}

/** `path: message` lines, sorted. */
export async function complaintsOf(given: Given): Promise<string[]> {
  return (await problemsOf(given)).map(({ path, message }) => `${path}: ${message}`).sort();
}
