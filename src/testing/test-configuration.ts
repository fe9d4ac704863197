import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { type Configuration, loadConfiguration } from '../config/index.js';
import { givenExtensions } from '../extensions/index.js';
import type { Extension } from '../platform/extension/index.js';

const SCHEMA = fileURLToPath(new URL('../../config/identity.schema.json', import.meta.url));

/** The least that serves, on free ports; `config` is laid over it like a second file. @throws ConfigurationError */
export async function testConfiguration(
  databaseUrl: string,
  mailUri: string,
  extensions: readonly Extension[],
  config: object = {},
): Promise<Configuration> {
  const [open, admin] = await Promise.all([freePort(), freePort()]); // held at the same time, so that they differ
  const least = {
    dsn: databaseUrl,
    serve: { public: listener(open), admin: listener(admin) },
    secrets: { default: ['a-secret-of-the-tests-only-0001'] },
    hashers: { algorithm: 'bcrypt', bcrypt: { cost: 8 } },
    identity: { default_schema_id: 'person', schemas: [{ id: 'person', url: `file://${SCHEMA}` }] },
    selfservice: {
      methods: {
        password: { enabled: true, config: { haveibeenpwned_enabled: false } },
        link: { enabled: true },
        profile: { enabled: true },
      },
      flows: { recovery: { enabled: true, use: 'link' } },
    },
    courier: { smtp: { connection_uri: mailUri } },
    regain: { database: { request_timeout: '30s' } },
  };
  const folder = await mkdtemp(join(tmpdir(), 'regain-testing-'));
  try {
    const files = [join(folder, 'least.yml'), join(folder, 'own.yml')];
    await writeFile(files[0]!, stringify(least));
    await writeFile(files[1]!, stringify(config));
    const given = { loader: givenExtensions(extensions), more: extensions.map(({ name }) => name) };
    return await loadConfiguration({ files, env: {}, extensions: given });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const listener = (port: number): object => ({ host: '127.0.0.1', port, base_url: `http://127.0.0.1:${port}` });

const freePort = (): Promise<number> =>
  new Promise((done, fail) => {
    const server = createServer().on('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => done(port));
    });
  });
