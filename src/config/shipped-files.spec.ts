import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { LEAST, load } from '../../test/support/configuration-files.js';
import { DEVIATIONS } from './deviations.js';
import { FileShape } from './file-shape.js';
import { loadConfiguration } from './index.js';
import { type Key, keysOf, type SectionClass } from './keys.js';

const SHIPPED = 'config/kratos.yml';
const PARITY = 'config/kratos-parity.yml';
const REFERENCE = 'config/kratos.reference.yml';

/** The path of every key with its default as written in a file; list items have `[]` and no value. */
function documented(shape: SectionClass, above = ''): Map<string, unknown> {
  const defaults = new shape();
  const found = new Map<string, unknown>();
  for (const key of keysOf(shape)) {
    const path = `${above}${key.name}`;
    if (key.kind === 'section' && key.shape)
      for (const entry of documented(key.shape(), `${path}.`)) found.set(...entry);
    else if (key.kind === 'items' && key.shape)
      for (const [each] of documented(key.shape(), `${path}[].`)) found.set(each, undefined);
    else found.set(path, asWritten(key, Reflect.get(defaults, key.name)));
  }
  return found;
}

/** An empty string means "no default": the value is derived elsewhere. */
function asWritten(key: Key, value: unknown): unknown {
  if (key.kind === 'duration' && value !== undefined) return String(value);
  if (key.kind === 'size') return Number(value) % 1024 === 0 ? `${Number(value) / 1024}MB` : `${String(value)}KB`;
  return value === undefined || value === '' ? null : value;
}

function written(tree: Record<string, unknown>, known: ReadonlySet<string>, above = ''): Map<string, unknown> {
  const found = new Map<string, unknown>();
  for (const [name, value] of Object.entries(tree)) {
    const path = `${above}${name}`;
    const [item] = Array.isArray(value) ? (value as unknown[]) : [];
    if (known.has(path)) found.set(path, path.includes('[]') ? undefined : value === '' ? null : value);
    else if (typeof item === 'object' && item !== null)
      for (const entry of written(item as Record<string, unknown>, known, `${path}[].`)) found.set(...entry);
    else if (typeof value === 'object' && value !== null)
      for (const entry of written(value as Record<string, unknown>, known, `${path}.`)) found.set(...entry);
    else found.set(path, value);
  }
  return found;
}

const plain = (entries: Map<string, unknown>) =>
  Object.fromEntries(
    [...entries].sort(([one], [other]) => (one < other ? -1 : 1)).map(([k, v]) => [k, shortDuration(v)]),
  );

/** `1h0m0s` and `1h` are the same duration. */
const shortDuration = (value: unknown): unknown =>
  typeof value === 'string' ? value.replace(/^(\d+h)0m0s$/, '$1') : value;

describe('config/kratos.reference.yml', () => {
  test('lists exactly the keys of the classes, with their defaults', async () => {
    const known = documented(FileShape);
    const tree = parse(await readFile(REFERENCE, 'utf8')) as Record<string, unknown>;
    expect(plain(written(tree, new Set(known.keys())))).toEqual(plain(known));
    expect(known.size).toBeGreaterThan(120);
  });

  test('explains every key', async () => {
    const lines = (await readFile(REFERENCE, 'utf8')).split('\n');
    const keys = lines.filter((line, at) => {
      const indent = (text: string) => text.search(/[^ -]/);
      const isGroup = /:( #.*)?$/.test(line) && indent(lines[at + 1] ?? '') > indent(line);
      return /^ *(- )?[\w]+:/.test(line) && !isGroup;
    });
    expect(keys.length).toBeGreaterThan(120);
    expect(keys.filter((line) => !/ # ?.{4,}$/.test(line))).toEqual([]);
  });
});

describe('config/kratos.yml', () => {
  test('has the documented values and causes no warning', async () => {
    const shipped = await loadConfiguration({ files: [SHIPPED], env: {} });
    const { methods, flows } = shipped.selfservice;
    expect(shipped.warnings).toEqual([]);
    expect(shipped.deviations).toEqual([]);
    expect(shipped.root).toMatchObject({ dsn: 'embedded', dev: false });
    expect([shipped.serve.public.host, shipped.serve.admin.host]).toEqual(['127.0.0.1', '127.0.0.1']);
    expect(shipped.serve.public.base_url).toBe('http://127.0.0.1:4433/api/kratos/public');
    expect(shipped.regain.serve.single_host).toBe(true);
    expect([methods.link.enabled, methods.code.enabled, methods.password.enabled]).toEqual([true, false, true]);
    expect(methods.password.config.haveibeenpwned_enabled).toBe(false);
    expect([flows.recovery.enabled, flows.recovery.use]).toEqual([true, 'link']);
  });

  test('has a schema with recovery by email', async () => {
    const { schemas } = await loadConfiguration({ files: [SHIPPED], env: {} });
    expect(schemas[0]).toMatchObject({
      id: 'person',
      raw: {
        properties: { traits: { properties: { email: { 'ory.sh/kratos': { recovery: { via: 'email' } } } } } },
      },
    });
  });
});

describe('config/kratos-parity.yml', () => {
  test("sets every safe default to Kratos' value, but still requires a token", async () => {
    const parity = await readFile(PARITY, 'utf8');
    const { deviations, warnings } = await load({ least: LEAST, yaml: [parity] });
    const inForce = deviations.map((line) => line.split(':')[0]);
    expect(inForce).toEqual(DEVIATIONS.map(([path]) => path).filter((path) => path !== 'regain.admin.authentication'));
    expect(warnings).toEqual([]);
  });

  test('there are no deviations by default', async () => {
    expect((await load({})).deviations).toEqual([]);
  });
});
