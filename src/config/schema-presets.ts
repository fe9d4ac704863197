import { readFile } from 'node:fs/promises';

/** The built-in identity schemas, `preset://<name>` in identity.schemas (docs/identity-schemas.md). */
export const PRESETS: readonly string[] = ['email-password', 'username', 'phone', 'customer-number'];

/** Relative to both the sources and the build output. */
const FOLDER = new URL('../../config/schemas/', import.meta.url);

/** Undefined if there is no such preset. */
export async function readPreset(name: string): Promise<Buffer | undefined> {
  return PRESETS.includes(name) ? readFile(new URL(`${name}.schema.json`, FOLDER)) : undefined;
}
