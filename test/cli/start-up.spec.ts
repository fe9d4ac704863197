import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { environment, PATIENCE, REGAIN } from '../support/server-process.js';
import { regain } from './regain.js';

const HOOK = pathToFileURL(join(import.meta.dirname, 'loaded-modules.mjs')).href;
const LONG = { timeout: 2 * PATIENCE };

test.each([[['--version']], [['--help']], [['recovery', 'link', '--help']], [['access-tokens', 'create', '--help']]])(
  '%s loads the declarations of commands, not their code',
  LONG,
  async (args) => {
    const { code, stderr } = await regain(args, { cwd: tmpdir(), env: { NODE_OPTIONS: `--import=${HOOK}` } });
    expect([code, JSON.parse(stderr)]).toEqual([0, ['dist/cli', 'dist/platform', 'node_modules/commander']]);
  },
);

describe('the compile cache', () => {
  let root = '';
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'regain-start-'));
    await cp(dirname(REGAIN), join(root, 'bin'), { recursive: true });
    await mkdir(join(root, 'dist', 'cli'), { recursive: true });
    await writeFile(join(root, 'package.json'), '{"type":"module"}');
    await writeFile(join(root, 'dist', 'cli', 'index.js'), 'process.stdout.write("ran\\n");\n');
  });
  afterEach(() => rm(root, { recursive: true }));

  const start = (): Promise<{ stdout: string; stderr: string }> =>
    promisify(execFile)(process.execPath, [join(root, 'bin', 'regain.js')], {
      env: environment({ TMPDIR: join(root, 'tmp') }),
      timeout: PATIENCE,
    });

  test('is beside the built files, with the same write permissions', LONG, async () => {
    expect(await start()).toMatchObject({ stdout: 'ran\n', stderr: '' });
    expect(await readdir(join(root, 'dist', '.cache'))).toHaveLength(1);
    expect((await readdir(root)).sort()).toEqual(['bin', 'dist', 'package.json']);
  });

  test('is silently skipped if it cannot be written', LONG, async () => {
    await writeFile(join(root, 'dist', '.cache'), 'a file where the directory would be');
    expect(await start()).toMatchObject({ stdout: 'ran\n', stderr: '' });
  });
});
