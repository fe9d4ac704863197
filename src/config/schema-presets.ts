import { readFile } from 'node:fs/promises';

/** The identity schemas that come with Regain: `preset://<name>` in identity.schemas; docs/identity-schemas.md. */
export const PRESETS: readonly string[] = ['email-password', 'username', 'phone', 'customer-number'];

/** Beside the shipped configuration, as seen from the sources and from what is built of them. */
const FOLDER = new URL('../../config/schemas/', import.meta.url);

/** Undefined where there is no preset of that name. */
export async function readPreset(name: string): Promise<Buffer | undefined> {
  return PRESETS.includes(name) ? readFile(new URL(`${name}.schema.json`, FOLDER)) : undefined;
}
