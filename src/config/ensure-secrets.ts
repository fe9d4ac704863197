import { randomBytes, randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { ConfigurationError } from './config.errors.js';
import { Configuration } from './configuration.js';
import { whyUnreadable } from './files.js';
import { isMap } from './keys.js';
import { databaseRule } from './rules/database.rule.js';
import { codeOf } from '../platform/errors/index.js';
import { SecretsConfig } from './sections/secrets.config.js';

const FILE = 'secrets.yml';

/**
 * Adds secrets to a configuration without any: from `<dataDir>/secrets.yml`, created on the first start of an embedded
 * database, or random ones for a database in memory.
 *
 * @throws ConfigurationError if the file is unusable, or for a postgres:// dsn without secrets
 */
export async function ensureSecrets(configuration: Configuration, dataDir: string): Promise<Configuration> {
  const { root, secrets } = configuration;
  if (secrets.default.length > 0) return configuration;
  if (root.dsn === 'memory') return configuration.withSecrets(secretsOf(newSecret()));
  if (root.dsn === 'embedded') return configuration.withSecrets(secretsOf(await readOrMake(dataDir)));
  throw new ConfigurationError(databaseRule({ ...configuration, ...root }).problems ?? []);
}

function secretsOf(secret: string): SecretsConfig {
  return Object.assign(new SecretsConfig(), { default: [secret], cookie: [secret], cipher: [secret] });
}

const newSecret = (): string => randomBytes(32).toString('base64url');

async function readOrMake(dataDir: string): Promise<string> {
  const path = join(dataDir, FILE);
  try {
    return (await readSecret(path)) ?? (await make(dataDir, path));
  } catch (error) {
    if (error instanceof ConfigurationError) throw error;
    throw unusable(path, `cannot be read or written (${whyUnreadable(error)})`);
  }
}

/** Creates one file even if two starts race: `link` fails for the second, which then reads the file. */
async function make(dataDir: string, path: string): Promise<string> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const secret = newSecret();
  const beside = `${path}.${randomUUID()}`;
  const header =
    '# Created by Regain on its first start. Anybody who has this file can forge cookies and read stored secrets.\n';
  await writeFile(beside, header + stringify({ secrets: { default: [secret] } }), { mode: 0o600, flag: 'wx' });
  try {
    await link(beside, path);
    return secret;
  } catch (error) {
    const winner = codeOf(error) === 'EEXIST' ? await readSecret(path) : undefined;
    if (winner === undefined) throw error;
    return winner;
  } finally {
    await rm(beside, { force: true });
  }
}

/** Undefined if the file doesn't exist yet. */
async function readSecret(path: string): Promise<string | undefined> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const { mode } = await stat(path);
  if (process.platform !== 'win32' && (mode & 0o077) !== 0)
    throw unusable(path, 'must be readable by its owner only (mode 0600)');
  const secret = firstSecret(text);
  if (secret === undefined) throw unusable(path, 'must contain secrets.default with an entry of 16 characters or more');
  return secret;
}

function firstSecret(text: string): string | undefined {
  try {
    const tree: unknown = parse(text);
    const secrets = isMap(tree) && isMap(tree['secrets']) ? tree['secrets']['default'] : undefined;
    const [first] = Array.isArray(secrets) ? (secrets as unknown[]) : [];
    return typeof first === 'string' && first.length >= 16 ? first : undefined;
  } catch {
    return undefined;
  }
}

function unusable(path: string, message: string): ConfigurationError {
  return new ConfigurationError([{ path, message }]);
}
