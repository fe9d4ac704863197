import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, isAbsolute, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { LineCounter, parseDocument } from 'yaml';
import { codeOf } from '../platform/errors/index.js';
import type { Problem } from './config.errors.js';
import { isMap } from './keys.js';
import { withPlacedExtensions } from './placed-extensions.js';
import { mergeTrees, type Tree, valueAt, withValue } from './tree.js';

/** Merges the files into one tree; later files win. Reports unusable files by name. */
export async function readFiles(files: readonly string[], cwd: string, problems: Problem[]): Promise<Tree> {
  let merged: Tree = {};
  for (const file of files) merged = mergeTrees(merged, await readYamlFile(file, cwd, problems));
  return merged;
}

async function readYamlFile(file: string, cwd: string, problems: Problem[]): Promise<Tree> {
  const location = resolve(cwd, file);
  try {
    if (/\.toml$/i.test(file)) throw new UnusableText('is TOML; Regain reads YAML and JSON, so convert it');
    const tree = withAbsoluteSchemas(parseTree(await readFile(location, 'utf8')), dirname(location), cwd);
    return withPlacedExtensions(tree, dirname(location));
  } catch (error) {
    const message = error instanceof UnusableText ? error.message : `cannot be read (${whyUnreadable(error)})`;
    problems.push({ path: file, message });
    return {};
  }
}

class UnusableText extends Error {}

function parseTree(text: string): Tree {
  const lines = new LineCounter();
  // Pretty errors would quote the line, secrets included.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, schema: 'core' });
  const [error] = document.errors;
  if (error !== undefined) {
    const { line, col } = lines.linePos(error.pos[0]);
    const rule = error.code.toLowerCase().replaceAll('_', ' ');
    throw new UnusableText(`is not valid YAML (line ${line}, column ${col}: ${rule})`);
  }
  const tree = toPlain(() => document.toJS({ maxAliasCount: 100 }) as unknown);
  if (tree === null) return {};
  if (!isMap(tree)) throw new UnusableText('must contain a map of keys');
  return tree;
}

function toPlain(read: () => unknown): unknown {
  try {
    return read();
  } catch {
    throw new UnusableText('is not valid YAML (an alias is undefined, or there are too many)');
  }
}

/**
 * Resolves relative schema files against the file that names them, because merging loses it. If there is none, tries the
 * working directory, as Kratos does.
 */
export function withAbsoluteSchemas(tree: Tree, folder: string, cwd: string): Tree {
  const schemas = valueAt(tree, ['identity', 'schemas']);
  if (!Array.isArray(schemas)) return tree;
  const absolute = schemas.map((schema: unknown) =>
    isMap(schema) && typeof schema['url'] === 'string'
      ? { ...schema, url: absoluteUrl(schema['url'], folder, cwd) }
      : schema,
  );
  return withValue(tree, ['identity', 'schemas'], absolute) as Tree;
}

function absoluteUrl(url: string, folder: string, cwd: string): string {
  if (url === '' || (/^[a-z][a-z0-9+.-]+:/i.test(url) && !/^file:\/\//i.test(url))) return url;
  const path = /^file:\/\//i.test(url) ? url.slice('file://'.length) : url;
  if (isAbsolute(path)) return path === url ? pathToFileURL(path).href : url;
  const [own, kratos] = [resolve(folder, path), resolve(cwd, path)];
  return pathToFileURL(!existsSync(own) && existsSync(kratos) ? kratos : own).href;
}

/** `ENOENT` and the like. Never the message, which may quote the content. */
export const whyUnreadable = (error: unknown): string => codeOf(error) ?? 'unexpected error';
