import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { whyUnreadable } from './files.js';
import { isMap } from './keys.js';
import type { Report } from './report.js';
import { PRESETS, readPreset } from './schema-presets.js';
import type { SchemaSource } from './sections/identity.config.js';

/** An identity schema and its source. */
export interface SchemaDocument {
  readonly id: string;
  readonly url: string;
  /** the parsed JSON */
  readonly raw: Readonly<Record<string, unknown>>;
  /** SHA-256 of the document's bytes, hexadecimal */
  readonly digest: string;
}

const FETCH_MILLISECONDS = 5_000;
const LARGEST_BYTES = 1024 * 1024;

/**
 * Reads every schema. Stores fetched documents below `dataDir`, if that exists, and uses the stored copy (with a warning)
 * if the server is unreachable or answers nonsense at a later start.
 *
 * @param folders bases of relative paths; errors for files below them name the path that was tried
 */
export async function loadSchemaDocuments(
  sources: readonly SchemaSource[],
  dataDir: string,
  report: Report,
  folders: readonly string[] = [],
): Promise<SchemaDocument[]> {
  const loaded = await Promise.all(
    sources.map((source, index) => loadOne({ source, index, dataDir, folders }, report)),
  );
  return loaded.filter((document) => document !== undefined);
}

interface Given {
  readonly source: SchemaSource;
  readonly index: number;
  readonly dataDir: string;
  readonly folders: readonly string[];
}

async function loadOne({ source, index, dataDir, folders }: Given, { problems, warnings }: Report) {
  const path = `identity.schemas[${index}].url`;
  if (source.url === '') return undefined;
  try {
    return await readSource(source, dataDir, (message) => warnings.push(`${path}: ${message}`));
  } catch (error) {
    const message =
      error instanceof UnusableSchema
        ? error.message
        : `cannot be read (${whyUnreadable(error)})${lookedFor(source, folders)}`;
    problems.push({ path, message });
    return undefined;
  }
}

/** Names the path tried for a relative file. Absolute paths are known anyway. */
function lookedFor({ url }: SchemaSource, folders: readonly string[]): string {
  if (!/^file:/i.test(url)) return '';
  const path = fileURLToPath(url);
  return folders.some((folder) => path.startsWith(folder + sep)) ? `; looked for it at ${path}` : '';
}

class UnusableSchema extends Error {}

async function readSource(source: SchemaSource, dataDir: string, warn: (message: string) => void) {
  const { url } = source;
  if (/^https?:/i.test(url)) return fetchOrRecall(source, dataDir, warn);
  if (/^preset:/i.test(url)) return documentOf(source, await preset(url.slice('preset://'.length)));
  if (/^base64:/i.test(url)) return documentOf(source, fromBase64(url.slice('base64://'.length)));
  return documentOf(source, await readFile(fileURLToPath(url)));
}

async function preset(name: string): Promise<Buffer> {
  const bytes = await readPreset(name);
  if (bytes === undefined) throw new UnusableSchema(`is not a preset: choose from ${PRESETS.join(', ')}`);
  return bytes;
}

async function fetchOrRecall(source: SchemaSource, dataDir: string, warn: (message: string) => void) {
  const folder = join(dataDir, 'schemas');
  const kept = join(folder, `${sha256(source.url)}.json`);
  try {
    const bytes = await fetchBytes(source.url);
    const document = documentOf(source, bytes);
    if (await isFolder(dataDir)) await keep(bytes, folder, kept).catch(() => warn('its copy could not be stored'));
    return document;
  } catch (error) {
    const copy = await readFile(kept).catch(() => undefined);
    if (copy === undefined) throw error;
    warn('could not be fetched; using the last good copy');
    return documentOf(source, copy);
  }
}

async function fetchBytes(url: string): Promise<Buffer> {
  const response = await fetch(url, {
    signal: AbortSignal.timeout(FETCH_MILLISECONDS),
    headers: { accept: 'application/json' },
  }).catch(unreachable);
  if (!response.ok || response.body === null)
    throw new UnusableSchema(`cannot be fetched (the server answers ${response.status})`);
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
      size += chunk.byteLength;
      if (size > LARGEST_BYTES) break;
      chunks.push(chunk);
    }
  } catch {
    return unreachable();
  }
  if (size > LARGEST_BYTES) throw new UnusableSchema('is larger than 1 MB');
  return Buffer.concat(chunks);
}

function unreachable(): never {
  throw new UnusableSchema(`cannot be fetched (no answer within ${FETCH_MILLISECONDS / 1000} s)`);
}

function documentOf({ id, url }: SchemaSource, bytes: Buffer): SchemaDocument {
  const raw = jsonOf(bytes.toString('utf8'));
  if (!isMap(raw)) throw new UnusableSchema('does not contain a JSON object');
  return { id, url, raw, digest: sha256(bytes) };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new UnusableSchema('does not contain valid JSON');
  }
}

function fromBase64(text: string): Buffer {
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(text)) throw new UnusableSchema('is not valid base64');
  return Buffer.from(text, 'base64');
}

/** Writes a temporary file and renames it, so that the copy is never incomplete. */
async function keep(bytes: Buffer, folder: string, path: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const beside = `${path}.${process.pid}`;
  await writeFile(beside, bytes, { mode: 0o600 });
  await rename(beside, path);
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}
