import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { loadConfiguration } from '../config/index.js';
import { extensionModules } from '../extensions/index.js';
import { createApp } from '../main.js';
import { describeApi } from '../openapi/index.js';
import { BadRequest } from '../platform/errors/index.js';
import type { Io } from './io.js';

const SHIPPED = fileURLToPath(new URL('../../config/kratos.yml', import.meta.url));

/** The committed `openapi.json`: the API at the addresses of the shipped configuration. Needs no database. */
export async function openApiText(extension: readonly string[] = []): Promise<string> {
  const env = { SECRETS_DEFAULT: '["no secret, and never used"]' };
  const configuration = await loadConfiguration({
    files: [SHIPPED],
    env,
    extensions: { loader: extensionModules, more: extension },
  });
  const logger = pino({ level: 'silent' });
  const app = await createApp({ configuration, databaseUrl: 'postgres://localhost', logger, schedules: false }, true);
  const { public: open, admin } = configuration.serve;
  const document = describeApi(app, { public: open.base_url, admin: admin.base_url });
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** Writes the document to `output`, or prints it. */
export async function runOpenApi(
  { output, extension }: { output?: string; extension?: string[] },
  io: Io,
): Promise<number> {
  const text = await openApiText(extension);
  if (output === undefined) io.out(text.trimEnd());
  else await write(output, text);
  return 0;
}

async function write(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (error) {
    throw new BadRequest(`Can't write ${file} (${(error as NodeJS.ErrnoException).code ?? 'unknown'}).`);
  }
}
