import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { DEVIATIONS } from '../../src/config/deviations.js';
import { loadConfiguration } from '../../src/config/index.js';
import { FORMER_KEYS } from '../../src/config/former-keys.table.js';
import { KRATOS_KEYS } from '../../src/config/kratos-keys.table.js';
import { RegainConfig } from '../../src/config/sections/regain.config.js';
import { temporaryFolder } from '../support/configuration-files.js';

const MIGRATING = 'docs/migrating-from-kratos.md';
const text = readFileSync(MIGRATING, 'utf8');

const lines = (rows: readonly (readonly [string, string])[]): string =>
  rows.map(([path, sentence]) => `- \`${path}\`: ${sentence}.`).join('\n');

/** The text of docs/kratos-keys.md, generated from the tables in src/config. */
function keysDocument(): string {
  const refused = KRATOS_KEYS.flatMap(({ path, refuse }) => (refuse === undefined ? [] : [[path, refuse] as const]));
  const idle = KRATOS_KEYS.flatMap(({ path, refuse, ignore }) =>
    refuse !== undefined || ignore === undefined ? [] : [[path, ignore] as const],
  );
  return `# Kratos keys that Regain does not read

Find the keys in your file that are on this page:

\`\`\`sh
regain config check -c kratos.yml
\`\`\`

[migrating-from-kratos.md](migrating-from-kratos.md) explains what to do about them. A star matches one name; a row also covers everything
below its path. This page is generated from the tables in \`src/config\`; update it with
\`npx vitest run test/drift/kratos-docs.spec.ts -u\`.

## Keys that stop the start

They are accepted if they are off, empty or missing. To leave them to Kratos, list them in \`regain.ignore\`. For second factors, set
\`regain.recovery.second_factor\` instead.

${lines(refused)}

## Keys without effect

Each causes a one-line warning at start.

${lines(idle)}

## Former keys

${lines(FORMER_KEYS.map(({ path, now }) => [path, now]))}
`;
}

test('docs/kratos-keys.md lists every Kratos key that is refused or has no effect', async () => {
  await expect(keysDocument()).toMatchFileSnapshot('../../docs/kratos-keys.md');
});

const at = (tree: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((below, name) => (below as Record<string, unknown> | undefined)?.[name], tree);

/** The value as written in a file. */
const said = (value: unknown): string =>
  typeof value === 'object' && value !== null && 'toString' in value && Object.hasOwn(value, 'nanoseconds')
    ? String(value).replace(/0m0s$/, '')
    : String(value);

describe('the table of different defaults', () => {
  const rows = [...text.matchAll(/^\| `(regain\.[\w.]+)` +\| (\S.*?) +\| (\S.*?) +\|/gm)].map(
    ([, path = '', ours = '', theirs = '']) => ({ path, ours, theirs }),
  );
  const parity: unknown = parse(readFileSync('config/kratos-parity.yml', 'utf8'));
  const defaults = { regain: new RegainConfig() };

  test('lists exactly the deviations', () => {
    expect(rows.map(({ path }) => path).sort()).toEqual(DEVIATIONS.map(([path]) => path).sort());
  });

  test.each(rows.filter(({ ours }) => ours !== 'see file'))('$path has both values', ({ path, ours, theirs }) => {
    const kratos = path === 'regain.admin.authentication' ? 'none' : at(parity, path);
    const unit = /^\d+[KM]B$/.test(said(kratos)) ? 'KB' : ''; // sizes are stored in KiB
    expect([ours, theirs]).toEqual([`\`${said(at(defaults, path))}${unit}\``, `\`${said(kratos)}\``]);
  });
});

describe('the page', () => {
  test('names the tested versions of the clients', () => {
    const { devDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      devDependencies: Record<string, string>;
    };
    const older = devDependencies['kratos-client-25']?.split('@').at(-1);
    expect(text).toContain(`\`@ory/kratos-client\` ${devDependencies['@ory/kratos-client']} and ${older}`);
    expect(text).toContain(`\`@ory/client-fetch\` ${devDependencies['@ory/client-fetch']}`);
  });

  test('shows a second file with which a Kratos file starts', async () => {
    const [, example = ''] = /```yaml\n([\s\S]+?)```/.exec(text) ?? [];
    const cwd = await temporaryFolder();
    await writeFile(join(cwd, 'regain.yml'), example);
    const kratos = resolve('test/contract/kratos-yml/01-quickstart-dev.yml');
    const { warnings, regain } = await loadConfiguration({ files: [kratos, 'regain.yml'], env: {}, cwd, dev: true });
    expect(regain.ignore.length).toBeGreaterThan(2);
    expect(warnings.filter((line) => line.includes('left to Kratos'))).toHaveLength(2);
  });

  test.each([MIGRATING, 'docs/identity-schemas.md', 'docs/kratos-keys.md'])('%s links to existing files', (page) => {
    const links = [...readFileSync(page, 'utf8').matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)].map(
      ([, target = '']) => target,
    );
    expect(links.length).toBeGreaterThan(0);
    expect(links.filter((target) => !/^https?:/.test(target) && !existsSync(join('docs', target)))).toEqual([]);
  });
});
