import { readFileSync } from 'node:fs';

/** From package.json, two folders up from src/health and dist/health alike. */
export const VERSION = (
  JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }
).version;
