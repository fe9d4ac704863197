import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { environment, PATIENCE } from '../support/server-process.js';

/*
 * The product as others get it: packed, unpacked beside the example in a clean directory, the example built and tested there.
 * Packages are those that are installed here; only regain itself is another copy.
 */
const LONG = 4 * PATIENCE;
const EXAMPLE = resolve('examples/vip-approval');
let folder = '';
let example = '';

async function run(command: string, args: readonly string[], cwd: string): Promise<{ code: number; output: string }> {
  try {
    const { stdout, stderr } = await promisify(execFile)(command, args, { cwd, env: environment(), timeout: LONG });
    return { code: 0, output: stdout + stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, output: `${stdout}${stderr}` };
  }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'regain-packed-'));
  const packed = await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], process.cwd());
  const [tarball] = (await readdir(folder)).filter((name) => name.endsWith('.tgz'));
  if (tarball === undefined) throw new Error(packed.output);
  await unpack(join(folder, tarball));
  await beside();
  example = join(folder, basename(EXAMPLE));
  await cp(EXAMPLE, example, { recursive: true, filter: (path) => !/\/(dist|node_modules)(\/|$)/.test(path) });
}, LONG);
afterAll(() => rm(folder, { recursive: true, force: true }));

async function unpack(tarball: string): Promise<void> {
  const into = join(folder, 'node_modules', 'regain');
  await mkdir(into, { recursive: true });
  const { code, output } = await run('tar', ['-xzf', tarball, '-C', into, '--strip-components=1'], folder);
  if (code !== 0) throw new Error(output);
}

/** Every installed package, as a link. */
async function beside(): Promise<void> {
  const installed = resolve('node_modules');
  for (const name of await readdir(installed))
    if (!name.startsWith('.') && name !== 'regain')
      await symlink(join(installed, name), join(folder, 'node_modules', name));
}

const node = (script: string) => run(process.execPath, ['--input-type=module', '-e', script], example);

test('the package holds what it needs, and no source, test or map', async () => {
  const { exports: open, files } = JSON.parse(await readFile(resolve('package.json'), 'utf8')) as {
    exports: Record<string, { types: string; default: string } | string>;
    files: string[];
  };
  expect(Object.keys(open)).toEqual(['.', './testing', './package.json']);
  expect(files).toContain('dist');
  const inside = await readdir(join(folder, 'node_modules', 'regain'), { recursive: true });
  expect(inside.filter((path) => /^(src|test|examples)\/|\.map$|\.spec\./.test(path))).toEqual([]);
  expect(inside).toEqual(expect.arrayContaining(['dist/index.d.ts', 'dist/testing/index.d.ts', 'bin/regain.js']));
});

test('nothing else of it can be imported', { timeout: LONG }, async () => {
  for (const path of ['regain/dist/main.js', 'regain/dist/platform/database/index.js', 'regain/src/index.js']) {
    const { code, output } = await node(`await import(${JSON.stringify(path)})`);
    expect([code, output]).toEqual([1, expect.stringContaining('ERR_PACKAGE_PATH_NOT_EXPORTED')]);
  }
});

test('the example is built against its declarations, and its tests pass', { timeout: LONG }, async () => {
  const tsc = resolve('node_modules/typescript/bin/tsc');
  const built = await run(process.execPath, [tsc, '-p', 'tsconfig.json'], example);
  expect(built).toEqual({ code: 0, output: '' });
  const tested = await run(process.execPath, ['--test', 'dist/test/approval.test.js'], example);
  expect([tested.code, tested.output]).toEqual([0, expect.stringMatching(/pass 4\b/)]);
  expect(tested.output).toMatch(/fail 0\b/);
});

test('mistakes in its use do not compile', { timeout: LONG }, async () => {
  const lines: [string, RegExp][] = [
    [`import { defineExtension } from 'regain'; defineExtension({ name: 'x', hooks: [] });`, /TS2353/],
    [`import { defineExtension } from 'regain'; defineExtension({ modules: [] });`, /TS2345|TS2741/],
    [`import { AdminController } from 'regain'; export const it = AdminController('x');`, /TS2554/],
    [
      `import { BeforeIssue } from 'regain'; export class L { @BeforeIssue() check(intent: { nothing: string }) { return undefined; } }`,
      /TS1241|TS1270|TS2345/,
    ],
    [`import { Database } from 'regain/dist/platform/database/index.js'; export { Database };`, /TS2307/],
  ];
  for (const [at, [text]] of lines.entries()) await writeFile(join(example, 'src', `mistake${at}.ts`), `${text}\n`);
  const tsc = resolve('node_modules/typescript/bin/tsc');
  const { output } = await run(process.execPath, [tsc, '-p', 'tsconfig.json', '--noEmit'], example);
  for (const [at, [, code]] of lines.entries()) {
    const own = output.split('\n').filter((line) => line.startsWith(`src/mistake${at}.ts`));
    expect(own.join('\n')).toMatch(code);
  }
});

test('the command line loads it from kratos.yml', { timeout: LONG }, async () => {
  const least = `dsn: memory
identity: { default_schema_id: person, schemas: [{ id: person, url: 'file://${resolve('config/identity.schema.json')}' }] }
selfservice: { methods: { link: { enabled: true } }, flows: { recovery: { enabled: true, use: link } } }
`;
  const check = async (extensions: string) => {
    await writeFile(join(example, 'kratos.yml'), `${least}extensions: ${extensions}\n`);
    const regain = join(folder, 'node_modules', 'regain', 'bin', 'regain.js');
    return run(process.execPath, [regain, 'config', 'check', '-c', 'kratos.yml'], example);
  };
  expect(await check('{ load: [./dist/src/index.js], vip-approval: { hours: 3 } }')).toEqual({
    code: 0,
    output: expect.stringContaining('is valid'),
  });
  const refused = await check('{ load: [./dist/src/index.js], vip-approval: { hours: 999 } }');
  expect([refused.code, refused.output]).toEqual([
    1,
    expect.stringContaining('extensions.vip-approval.hours: must not be'),
  ]);
});
