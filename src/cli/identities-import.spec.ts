import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { IdentityRefused, IdentityTaken, type IdentityView, type NewIdentity } from '../identity/index.js';
import { type ImportTarget, runIdentitiesImport } from './identities-import.js';

/** Identities in memory, unique by email address and by external id. */
class Memory implements ImportTarget {
  readonly created: NewIdentity[] = [];

  create(input: NewIdentity): Promise<IdentityView> {
    if (input.traits['email'] === undefined)
      return Promise.reject(new IdentityRefused('I[#/traits] S[#] missing\nand more'));
    const taken = this.created.some(
      ({ traits, externalId }) =>
        traits['email'] === input.traits['email'] || (externalId !== null && externalId === input.externalId),
    );
    if (taken) return Promise.reject(new IdentityTaken());
    this.created.push(input);
    return Promise.resolve(this.#view(this.created.length - 1));
  }

  findByExternalId(externalId: string): Promise<IdentityView | undefined> {
    return Promise.resolve(this.#view(this.created.findIndex((each) => each.externalId === externalId)));
  }

  findByIdentifier(identifier: string): Promise<IdentityView | undefined> {
    return Promise.resolve(this.#view(this.created.findIndex(({ traits }) => traits['email'] === identifier)));
  }

  identifiersIn({ traits }: NewIdentity): string[] {
    return [traits['email'], traits['username']].filter((value) => typeof value === 'string');
  }

  #view(index: number): IdentityView {
    return (index < 0 ? undefined : { id: `id-${index}` }) as IdentityView;
  }
}

async function run(text: string, target: ImportTarget = new Memory(), format: 'text' | 'json' = 'text') {
  const folder = await mkdtemp(join(tmpdir(), 'regain-import-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'identities');
  await writeFile(file, text);
  const [out, err]: [string[], string[]] = [[], []];
  const code = await runIdentitiesImport(
    target,
    { file, format },
    { out: (l) => out.push(l), err: (l) => err.push(l) },
  );
  return { code, out, err: err.map((line) => line.replace(folder, '')) };
}

const of = (email: string, more: object = {}) => JSON.stringify({ traits: { email }, ...more });

test('reads NDJSON and JSON arrays', async () => {
  const lines = await run(`\uFEFF${of('a@example.com')}\r\n\n${of('b@example.com')}\n`);
  const array = await run(`[\n${of('a@example.com')},${of('b@example.com')}]`);
  expect(lines).toEqual({
    code: 0,
    err: [],
    out: ['row 1: created id-0', 'row 2: created id-1', '2 created, 0 exist, 0 refused'],
  });
  expect(array).toEqual(lines);
});

test('a second run finds existing rows and continues', async () => {
  const memory = new Memory();
  await run(`${of('a@example.com')}\n${of('b@example.com', { external_id: 'ext-b' })}`, memory);
  const again = await run(
    `${of('a@example.com')}\n${of('b@example.com', { external_id: 'ext-b' })}\n${of('c@example.com')}`,
    memory,
  );
  expect(again).toEqual({
    code: 0,
    err: [],
    out: ['row 1: exists id-0', 'row 2: exists id-1', 'row 3: created id-2', '1 created, 2 exist, 0 refused'],
  });
});

test('refuses a row that only partly matches an existing identity', async () => {
  const memory = new Memory();
  await run(of('a@example.com'), memory);
  const other = await run(of('a@example.com', { external_id: 'ext-other' }), memory);
  expect(other.out[0]).toBe('row 1: refused: This identity conflicts with another identity that already exists.');
  const more = await run(JSON.stringify({ traits: { email: 'a@example.com', username: 'other' } }), memory);
  expect([other.code, more.code]).toEqual([1, 1]);
  expect(more.out[0]).toMatch(/^row 1: refused: /);
});

test('a refused row has a reason and does not stop the run', async () => {
  const { code, out } = await run(`{"traits":{}}\n{"id":"x"}\nnonsense\n[1]\n${of('a@example.com')}`);
  expect(code).toBe(1);
  expect(out).toEqual([
    'row 1: refused: I[#/traits] S[#] missing; and more',
    'row 2: refused: id cannot be set: the server assigns it. Use external_id for the identity’s id in another system.',
    'row 3: refused: must be a JSON object',
    'row 4: refused: must be a JSON object',
    'row 5: created id-0',
    '1 created, 0 exist, 4 refused',
  ]);
});

test('prints rows as JSON, and the summary on stderr', async () => {
  const { out, err } = await run(`${of('a@example.com')}\n{"traits":{}}`, new Memory(), 'json');
  expect(out.map((line) => JSON.parse(line) as unknown)).toEqual([
    { row: 1, result: 'created', id: 'id-0' },
    { row: 2, result: 'refused', reason: 'I[#/traits] S[#] missing\nand more' },
  ]);
  expect(err).toEqual(['1 created, 0 exist, 1 refused']);
});

test('fails for an unreadable file and for a truncated array', async () => {
  const err: string[] = [];
  const io = { out: () => undefined, err: (line: string) => err.push(line) };
  expect(await runIdentitiesImport(new Memory(), { file: 'no/such/file', format: 'text' }, io)).toBe(1);
  expect(err).toEqual(["Can't read no/such/file (ENOENT)."]);
  expect(await run('[{"traits":')).toEqual({ code: 1, out: [], err: ["Can't read /identities (not valid JSON)."] });
});

test('an unexpected error ends the run', async () => {
  const memory = new Memory();
  memory.create = () => Promise.reject(new Error('the database is away'));
  await expect(run(of('a@example.com'), memory)).rejects.toThrow('the database is away');
});
