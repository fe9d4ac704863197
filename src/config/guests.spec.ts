import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { LEAST, temporaryFolder } from '../../test/support/configuration-files.js';
import { defineExtension } from '../platform/extension/index.js';
import type { ListedModule } from './extension-loader.js';
import { ConfigurationError, type ExtensionsInput, loadConfiguration } from './index.js';

/** A loader that finds nothing, and remembers what it was asked for. */
function loading(...names: string[]) {
  const asked: ListedModule[] = [];
  const found = names.map((name) => ({ module: name, definition: defineExtension({ name }) }));
  const loader: ExtensionsInput['loader'] = {
    load: (listed) => {
      asked.push(...listed);
      return Promise.resolve({ found, problems: [] });
    },
  };
  return { loader, asked };
}

async function read(files: Record<string, string>, extensions?: ExtensionsInput) {
  const cwd = await temporaryFolder();
  for (const [name, text] of Object.entries({ 'least.yml': LEAST, ...files })) await writeFile(join(cwd, name), text);
  const input = { files: ['least.yml', ...Object.keys(files)], env: {}, cwd, ...(extensions ? { extensions } : {}) };
  return { cwd, configuration: await loadConfiguration(input) };
}

const problemOf = async (...given: Parameters<typeof read>): Promise<string[]> => {
  const error = await read(...given).catch((reason: unknown) => reason);
  if (!(error instanceof ConfigurationError)) throw error;
  return error.problems.map(({ path, message }) => `${path}: ${message}`);
};

test.each([
  ['extensions: yes', 'extensions: must be a list of modules, or a map with the list under load'],
  ['extensions: [5]', 'extensions.load: must be a list of texts: paths such as ./dist/vip.js, or packages'],
  [
    'extensions: { load: ./vip.js }',
    'extensions.load: must be a list of texts: paths such as ./dist/vip.js, or packages',
  ],
  ['extensions: { vip: { hours: 1 } }', 'extensions.vip: no extension of this name is loaded (none is)'],
])('%s is refused', async (yaml, line) => {
  expect(await problemOf({ 'own.yml': yaml }, { loader: loading().loader })).toEqual([line]);
});

test('what nobody can load is refused rather than left out', async () => {
  expect(await problemOf({ 'own.yml': 'extensions: [./vip.js]' })).toEqual([
    'extensions: this command loads no extensions',
  ]);
});

test('a module is relative to the file that lists it, and a later list replaces an earlier one', async () => {
  const { loader, asked } = loading('vip');
  const { cwd, configuration } = await read(
    {
      'one.yml': 'extensions: [./one.js]',
      'two.yml': 'extensions: { load: [./two.js, "@acme/vip"] }',
      'three.yml': 'dev: true',
    },
    { loader, more: ['./more.js'] },
  );
  expect(asked.map(({ module }) => module)).toEqual(['./two.js', '@acme/vip', './more.js']);
  expect(asked.map(({ from }) => from)).toEqual([cwd, cwd, cwd]);
  expect(configuration.extensions.map(({ definition }) => definition.name)).toEqual(['vip']);
});

test('one file lists, another one configures', async () => {
  const { loader } = loading('vip');
  const files = { 'one.yml': 'extensions: [./vip.js]', 'two.yml': 'extensions: { vip: { hours: 1 } }' };
  expect(await problemOf(files, { loader })).toEqual([
    'extensions.vip: the extension has no configuration; remove the section',
  ]);
});

test('none is loaded, and no section judged, where none is wanted', async () => {
  const { loader, asked } = loading('vip');
  const files = { 'one.yml': 'extensions: { load: [./vip.js], other: { hours: 1 } }' };
  const { configuration } = await read(files, { loader, none: true });
  expect([asked, configuration.extensions]).toEqual([[], []]);
});
