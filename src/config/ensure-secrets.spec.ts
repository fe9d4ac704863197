import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { load, temporaryFolder } from '../../test/support/configuration-files.js';
import { Configuration, ensureSecrets } from './index.js';

const embedded = async (): Promise<Configuration> => load({ yaml: ['dsn: embedded'] });

describe('ensureSecrets', () => {
  test('an embedded database gets secrets once, readable by its owner only', async () => {
    const dataDir = join(await temporaryFolder(), 'data');
    const first = await ensureSecrets(await embedded(), dataDir);
    const second = await ensureSecrets(await embedded(), dataDir);
    expect(first.secrets.default).toHaveLength(1);
    expect(first.secrets.default[0]).toMatch(/^[\w-]{43}$/);
    expect(first.secrets.cookie).toEqual(first.secrets.default);
    expect(second.secrets).toEqual(first.secrets);
    expect((await stat(dataDir)).mode & 0o777).toBe(0o700);
    expect((await stat(join(dataDir, 'secrets.yml'))).mode & 0o777).toBe(0o600);
  });

  test('leaves the rest of the configuration unchanged', async () => {
    const before = await load({ yaml: ['dsn: embedded\nlog: { level: error }'] });
    const after = await ensureSecrets(before, await temporaryFolder());
    expect({ ...after, secrets: before.secrets }).toEqual({ ...before });
    expect(Object.isFrozen(after.secrets.default)).toBe(true);
  });

  test('eight simultaneous starts agree on one secret and leave one file', async () => {
    const dataDir = await temporaryFolder();
    const configuration = await embedded();
    const all = await Promise.all(Array.from({ length: 8 }, () => ensureSecrets(configuration, dataDir)));
    expect(new Set(all.map(({ secrets }) => secrets.default[0])).size).toBe(1);
    expect(await readdir(dataDir)).toEqual(['secrets.yml']);
  });

  test('a database in memory gets new secrets each time and no file', async () => {
    const dataDir = await temporaryFolder();
    const [one, two] = [await ensureSecrets(await load({}), dataDir), await ensureSecrets(await load({}), dataDir)];
    expect(one.secrets.default[0]).not.toBe(two.secrets.default[0]);
    expect(await readdir(dataDir)).toEqual([]);
  });

  test('keeps configured secrets', async () => {
    const configuration = await load({ yaml: ['dsn: embedded\nsecrets: { default: [a-secret-of-my-own-making] }'] });
    const dataDir = await temporaryFolder();
    expect(await ensureSecrets(configuration, dataDir)).toBe(configuration);
    expect(await readdir(dataDir)).toEqual([]);
  });

  test('a postgres:// database requires configured secrets', async () => {
    const bare = await load({});
    const root = Object.assign({ ...bare.root }, { dsn: 'postgres://db/regain' });
    const configuration = new Configuration({ ...bare, ...root }, bare);
    await expect(ensureSecrets(configuration, await temporaryFolder())).rejects.toThrow(/secrets\.default: is missing/);
  });

  test.each([
    ['secrets: [', 0o600, /must contain secrets\.default/],
    ['secrets: { default: [hunter2] }', 0o600, /must contain secrets\.default/],
    ['secrets: { default: [hunter2-hunter2-hunter2] }', 0o644, /readable by its owner only/],
  ])('refuses %s with mode %o instead of repairing it', async (text, mode, complaint) => {
    const path = join(await temporaryFolder(), 'secrets.yml');
    await writeFile(path, text);
    await chmod(path, mode);
    const failure = ensureSecrets(await embedded(), join(path, '..'));
    await expect(failure).rejects.toThrow(complaint);
    await expect(failure).rejects.not.toThrow(/hunter2/);
    expect(await readFile(path, 'utf8')).toBe(text);
  });

  test('reports why the folder cannot be created', async () => {
    const file = join(await temporaryFolder(), 'file');
    await writeFile(file, '');
    await expect(ensureSecrets(await embedded(), join(file, 'data'))).rejects.toThrow(
      /secrets\.yml: cannot be read or written \(ENOTDIR\)/,
    );
    await mkdir(join(file, '..', 'secrets.yml'));
    await expect(ensureSecrets(await embedded(), join(file, '..'))).rejects.toThrow(/\(EISDIR\)/);
  });
});
