import { readFileSync } from 'node:fs';

/** From package.json, two folders up from src/cli and dist/cli alike. */
export function ownVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
