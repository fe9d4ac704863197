import { readFileSync } from 'node:fs';

/** From package.json, two levels up from both src/health and dist/health. */
export const VERSION = (
  JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }
).version;
