import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { regain } from '../cli/regain.js';
import { PATIENCE } from '../support/server-process.js';

/* What `regain config check` says of each mistake, all at once: the module, what is wrong, what to change. */
let folder = '';
beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'regain-mistakes-')));
  await mkdir(join(folder, 'node_modules'));
  await writeFile(join(folder, 'node_modules', 'marker'), '');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const PACKAGE = JSON.stringify(resolve('dist/index.js'));
const VALIDATOR = JSON.stringify(resolve('node_modules/class-validator/cjs/index.js'));
const SCHEMA = `base64://${Buffer.from('{"properties":{"traits":{"type":"object"}}}').toString('base64')}`;
const LEAST = {
  dsn: 'memory',
  identity: { default_schema_id: 'person', schemas: [{ id: 'person', url: SCHEMA }] },
  selfservice: { methods: { link: { enabled: true } }, flows: { recovery: { enabled: true, use: 'link' } } },
};

const declared = (body: string, before = ''): string =>
  `import { defineExtension } from ${PACKAGE};\n${before}\nexport default defineExtension(${body});\n`;

async function check(extensions: unknown, files: Record<string, string>, env: Record<string, string> = {}) {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  await writeFile(join(folder, 'kratos.yml'), stringify({ ...LEAST, extensions }));
  const ran = await regain(['config', 'check', '-c', 'kratos.yml', '--format', 'json'], { cwd: folder, env });
  expect(ran.stderr).toBe('');
  const { problems, environment_keys } = JSON.parse(ran.stdout) as {
    problems: { path: string; message: string }[];
    environment_keys: string[];
  };
  return { lines: problems.map(({ path, message }) => `${path}: ${message}`), environment_keys, code: ran.code };
}

const LONG = { timeout: 2 * PATIENCE };

test('modules that cannot be loaded', LONG, async () => {
  const { lines } = await check(
    [
      './nothing.mjs',
      '@acme/absent',
      './throws.mjs',
      './exports-nothing.mjs',
      './folder',
      'no module',
      './unknown-option.mjs',
    ],
    {
      'throws.mjs': 'throw new TypeError("the license is missing");',
      'exports-nothing.mjs': 'export const vip = 1;',
      'folder/index.mjs': '',
      'unknown-option.mjs': declared(`{ name: 'odd', hooks: [] }`),
    },
  );
  expect(lines).toEqual([
    `extensions: ./nothing.mjs was not found: there is no ${folder}/nothing.mjs; is it built?`,
    `extensions: @acme/absent was not found: no node_modules from ${folder} upwards has it; run npm install there`,
    'extensions: ./throws.mjs throws while it is loaded: TypeError: the license is missing',
    'extensions: ./exports-nothing.mjs must export its extension: export default defineExtension({ name: … })',
    `extensions: ./folder is a directory: name the file in ${folder}/folder to load`,
    'extensions: no module must be a path that begins with ./, or the name of a package',
    'extensions: ./unknown-option.mjs throws while it is loaded: Error: defineExtension does not know hooks; there are name, modules, scopes, config, entities, migrations, prefixes',
  ]);
});

test('declarations that contradict themselves, us or each other', LONG, async () => {
  const { lines } = await check(
    ['./name.mjs', './scope.mjs', './prefix.mjs', './table.mjs', './one.mjs', './two.mjs'],
    {
      'name.mjs': declared(`{ name: 'Big Name' }`),
      'scope.mjs': declared(`{ name: 'scope', scopes: { 'identity:read': 'x', vip: 'x' } }`),
      'prefix.mjs': declared(`{ name: 'prefix', prefixes: ['/sessions/vip', 'vip', '/admin', '/admin/vip/'] }`),
      'table.mjs': declared(`{ name: 'table', migrations: [
        { name: '1', up: ['CREATE TABLE mine (id uuid REFERENCES public.identity(id))'] },
        { name: '2', up: ['ALTER TABLE public.identity ADD COLUMN vip boolean', 'SET search_path TO public'] },
        { name: '2', up: ['CREATE TABLE other (id uuid REFERENCES public.session(id))'] }] }`),
      'one.mjs': declared(`{ name: 'twin', scopes: { 'vip:read': 'x' }, prefixes: ['/vip'] }`),
      'two.mjs': declared(`{ name: 'twin', scopes: { 'vip:read': 'x' }, prefixes: ['/vip/desk'] }`),
    },
  );
  expect(lines).toEqual([
    'extensions: ./name.mjs must have a name of lower case words with dashes between, at most 40 long',
    'extensions: ./scope.mjs declares the scope identity:read, which Regain has already: rename it',
    'extensions: ./scope.mjs declares the scope vip: write it as noun:verb, in lower case',
    "extensions: ./prefix.mjs declares the prefix /sessions/vip, which is Regain's: choose another one",
    'extensions: ./prefix.mjs declares the prefix vip: write it as /admin/words for routes with a token, or /words for public ones',
    "extensions: ./prefix.mjs declares the prefix /admin, which is Regain's: choose another one",
    'extensions: ./prefix.mjs declares the prefix /admin/vip/: write it as /admin/words for routes with a token, or /words for public ones',
    'extensions: ./table.mjs has two migrations called 2',
    'extensions: ./table.mjs touches public.identity in the migration 2: its tables live in ext_table, so leave the schema out',
    'extensions: ./table.mjs touches search_path in the migration 2: its tables live in ext_table, so leave the schema out',
    'extensions: ./table.mjs touches public.session in the migration 2: its tables live in ext_table, so leave the schema out',
    'extensions: ./one.mjs and ./two.mjs both declare the name twin: rename one, or list only one',
    'extensions: ./one.mjs and ./two.mjs both declare the scope vip:read: rename one, or list only one',
    'extensions: ./one.mjs and ./two.mjs both claim /vip/desk: give each a prefix of its own',
  ]);
});

const CONFIG = `import { IsIn, IsInt, IsString, Max, Min, MinLength } from ${VALIDATOR};
const rule = (target, key, ...rules) => rules.forEach((one) => one(target.prototype, key));
class Inner { words = ['a']; port = 25; }
rule(Inner, 'port', IsInt(), Max(65535)); rule(Inner, 'words', IsString({ each: true }));
class Config { hours = 12; secret; mode = 'one'; sms = new Inner(); loose = 1; }
rule(Config, 'hours', IsInt(), Min(1)); rule(Config, 'secret', IsString(), MinLength(8));
rule(Config, 'mode', IsIn(['one', 'two'], { message: 'mode is wrong: $value' }));`;

test(
  'sections: every problem at once with its path and rule, beside those of our own keys; never a value',
  LONG,
  async () => {
    const { lines } = await check(
      {
        load: ['./vip.mjs', './plain.mjs'],
        vip: { hours: 'hunter2', hour: 3, mode: 'hunter2', sms: { port: 70000, words: [1] } },
        plain: { a: 1 },
        absent: {},
      },
      { 'vip.mjs': declared(`{ name: 'vip', config: Config }`, CONFIG), 'plain.mjs': declared(`{ name: 'plain' }`) },
      { SERVE_ADMIN_PORT: 'hunter2', EXTENSIONS_VIP_SMS_WORDS: '[1' },
    );
    expect(lines.join('\n')).not.toContain('hunter2');
    expect(lines.sort()).toEqual([
      'EXTENSIONS_VIP_SMS_WORDS: must be JSON',
      'extensions.absent: no extension of this name is loaded (these are: vip, plain)',
      'extensions.plain: the extension has no configuration; remove the section',
      'extensions.vip.hour: the extension has no such key; did you mean hours?',
      'extensions.vip.hours: must be an integer number',
      'extensions.vip.hours: must not be less than 1',
      'extensions.vip.loose: the extension gives it no rule: decorate the property',
      'extensions.vip.mode: breaks the rule isIn',
      'extensions.vip.secret: must be a string',
      'extensions.vip.secret: must be longer than or equal to 8 characters',
      'extensions.vip.sms.port: must not be greater than 65535',
      'extensions.vip.sms.words: each value in words must be a string',
      'serve.admin.port: must be a whole number from 1 to 65535',
    ]);
  },
);

test('the environment lies over the section, and is named', LONG, async () => {
  const { lines, environment_keys } = await check(
    { load: ['./vip.mjs'], vip: { hours: 0 } },
    { 'vip.mjs': declared(`{ name: 'vip', config: Config }`, CONFIG.replace('loose = 1;', '')) },
    { EXTENSIONS_VIP_HOURS: '2', EXTENSIONS_VIP_SECRET: 'long enough', EXTENSIONS_VIP_SMS_PORT: '26' },
  );
  expect(lines).toEqual([]);
  expect(environment_keys).toEqual(['extensions.vip.hours', 'extensions.vip.secret', 'extensions.vip.sms.port']);
});

test('a second copy of what is shared is refused by its place', LONG, async () => {
  const copy = 'guest/node_modules/@nestjs/common';
  const { lines } = await check(['./guest/vip.mjs'], {
    [`${copy}/package.json`]: '{"name":"@nestjs/common","version":"12.5.1"}',
    'guest/vip.mjs': declared(`{ name: 'vip' }`),
  });
  expect(lines).toEqual([
    `extensions: ./guest/vip.mjs would load a second copy of @nestjs/common (${folder}/${copy}; ours is ${resolve('node_modules/@nestjs/common')}): make it a peer dependency of the extension, and install it once`,
  ]);
});

test('a package is found from the file that lists it, by its exports', LONG, async () => {
  const { lines, code } = await check(['@acme/regain-vip', 'plain-vip'], {
    'node_modules/@acme/regain-vip/package.json': '{"exports":{".":{"types":"./x.d.ts","import":"./vip.mjs"}}}',
    'node_modules/@acme/regain-vip/vip.mjs': declared(`{ name: 'acme' }`),
    'node_modules/plain-vip/package.json': '{"main":"vip.mjs"}',
    'node_modules/plain-vip/vip.mjs': declared(`{ name: 'plain' }`),
  });
  expect([lines, code]).toEqual([[], 0]);
});
