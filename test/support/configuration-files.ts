import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { ConfigurationError, loadConfiguration } from '../../src/config/index.js';
import type { Configuration, Problem } from '../../src/config/index.js';

/** The least that loads: everything else has a default, by which nobody is recovered. */
export const BARE = `
dsn: memory
identity:
  default_schema_id: person
  schemas: [{ id: person, url: 'base64://e30K' }]
`;

/** The same with recovery by link: there is nothing to warn about. */
export const LEAST = `${BARE}
selfservice:
  methods: { link: { enabled: true } }
  flows: { recovery: { enabled: true, use: link } }
`;

export interface Given {
  /** Texts of YAML files, a later one wins. The first one is `LEAST` unless told otherwise. */
  readonly yaml?: readonly string[];
  readonly least?: string;
  readonly env?: Record<string, string>;
  readonly dev?: boolean;
}

/** A folder that is gone when the test is over. */
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

/** What is wrong with it; an empty list when it loads. */
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
