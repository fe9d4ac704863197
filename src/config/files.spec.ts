import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { complaintsOf, temporaryFolder } from '../../test/support/configuration-files.js';
import type { Problem } from './config.errors.js';
import { readFiles } from './files.js';
import { loadConfiguration } from './loader.js';

async function complaintsAbout(text: string): Promise<string[]> {
  return complaintsOf({ least: text });
}

const schemaAt = (url: string): string =>
  `dsn: memory\nidentity: { default_schema_id: a, schemas: [{ id: a, url: '${url}' }] }`;

describe('configuration files', () => {
  test('reports a missing file by name', async () => {
    const problems: Problem[] = [];
    await readFiles(['missing.yml'], await temporaryFolder(), problems);
    expect(problems).toEqual([{ path: 'missing.yml', message: 'cannot be read (ENOENT)' }]);
  });

  test.each([
    ['dsn: [hunter2', /^0\.yml: is not valid YAML \(line 1, column \d+: [a-z ]+\)$/],
    ['dsn: a\ndsn: hunter2', /^0\.yml: is not valid YAML \(line 2, column 1: duplicate key\)$/],
    ['dsn: *hunter2', /^0\.yml: is not valid YAML/],
    ['- hunter2', /^0\.yml: must contain a map of keys$/],
    ['a: b\n---\nc: hunter2', /^0\.yml: is not valid YAML/],
  ])('refuses %j without quoting it', async (text, complaint) => {
    const complaints = await complaintsAbout(text);
    expect(complaints.filter((each) => complaint.test(each))).toHaveLength(1);
    expect(complaints.join()).not.toContain('hunter2');
  });

  test('looks for a missing relative schema in the working directory, as Kratos does', async () => {
    const [elsewhere, cwd] = [await temporaryFolder(), await temporaryFolder()];
    await writeFile(join(cwd, 'person.json'), '{}');
    await writeFile(join(elsewhere, 'kratos.yml'), schemaAt('file://./person.json'));
    const { schemas } = await loadConfiguration({ files: [join(elsewhere, 'kratos.yml')], env: {}, cwd });
    expect(schemas[0]?.url).toBe(pathToFileURL(join(cwd, 'person.json')).href);
    await writeFile(join(elsewhere, 'person.json'), '{}');
    const own = await loadConfiguration({ files: [join(elsewhere, 'kratos.yml')], env: {}, cwd });
    expect(own.schemas[0]?.url).toBe(pathToFileURL(join(elsewhere, 'person.json')).href);
  });

  test('reports the path tried for a missing schema', async () => {
    const [elsewhere, cwd] = [await temporaryFolder(), await temporaryFolder()];
    await writeFile(join(elsewhere, 'kratos.yml'), schemaAt('schemas/nobody.json'));
    const failure = loadConfiguration({ files: [join(elsewhere, 'kratos.yml')], env: {}, cwd });
    await expect(failure).rejects.toThrow(
      `identity.schemas[0].url: cannot be read (ENOENT); looked for it at ${join(elsewhere, 'schemas/nobody.json')}`,
    );
  });

  test('resolves a relative schema against the file that names it, not the one merged over it', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'inner'));
    await writeFile(join(folder, 'inner', 'p.json'), '{"title":"inner"}');
    const schemas =
      'identity: { default_schema_id: a, schemas: [{ id: a, url: file://./p.json }, { id: b, url: p.json }] }';
    await writeFile(join(folder, 'inner', 'one.yml'), `dsn: memory\n${schemas}`);
    await writeFile(join(folder, 'two.yml'), 'log: { level: error }');
    const loaded = await loadConfiguration({ files: ['inner/one.yml', 'two.yml'], env: {}, cwd: folder });
    expect(loaded.schemas.map(({ raw }) => raw)).toEqual([{ title: 'inner' }, { title: 'inner' }]);
  });

  test('prevents prototype pollution', async () => {
    expect(await complaintsOf({ yaml: ['__proto__: { dsn: x }\nlog: { constructor: 1 }'] })).toEqual([
      '__proto__: is an unknown key',
      'log.constructor: is an unknown key',
    ]);
  });
});
