import { readFileSync } from 'node:fs';

/** Reads package.json, which is two folders up from both src/cli and dist/cli. */
export function ownVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
