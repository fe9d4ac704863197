import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Type } from '@nestjs/common';
import pg from 'pg';
import { pino } from 'pino';
import request from 'supertest';
import { stringify } from 'yaml';
import { AccessTokenService } from '../../src/access/index.js';
import { type Configuration, loadConfiguration } from '../../src/config/index.js';
import { givenExtensions, migrateExtensions } from '../../src/extensions/index.js';
import { startServer } from '../../src/main.js';
import type { Extension } from '../../src/platform/extension/index.js';
import { CurrentRequest } from '../../src/platform/http/index.js';
import { freshDatabase } from './database.js';
import { GENEROUS } from './generous-limits.js';

export interface TestApp {
  readonly adminUrl: string;
  readonly publicUrl: string;
  readonly databaseUrl: string;
  readonly configuration: Configuration;
  /** a token with every scope */
  readonly pat: string;
  /** request log lines, as JSON */
  readonly log: string[];
  admin(token?: string): ReturnType<typeof request.agent>;
  anonymousAdmin(): ReturnType<typeof request.agent>;
  /** keeps cookies, follows no redirects */
  publicAgent(): ReturnType<typeof request.agent>;
  get<T>(token: Type<T>): T;
  sql<Row extends object>(text: string, values?: unknown[]): Promise<Row[]>;
  /** a token with these scopes */
  token(...scopes: string[]): Promise<string>;
  stop(): Promise<void>;
}

export interface TestAppOptions {
  /** merged over the minimal configuration, like a second -c file */
  config?: object;
  /** answers as Kratos does: adds config/kratos-parity.yml */
  parity?: boolean;
  /** delivers messages and runs schedules, as a server does */
  deliver?: boolean;
  /** loaded as if the configuration listed them */
  extensions?: readonly Extension[];
  /** a database shared with another app of the test */
  databaseUrl?: string;
}

const freePort = (): Promise<number> =>
  new Promise((done, fail) => {
    const server = createServer().on('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => done(port));
    });
  });

/** The real application on free loopback ports with its own database. */
export async function startTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  const own = options.databaseUrl === undefined ? await freshDatabase() : undefined;
  const databaseUrl = options.databaseUrl ?? own!.url;
  const configuration = await testConfiguration(databaseUrl, options);
  await migrateExtensions(databaseUrl, configuration.extensions);
  const log: string[] = [];
  const logger = pino({ level: 'info', base: null }, { write: (line: string) => void log.push(line) });
  const server = await startServer({ configuration, databaseUrl, logger, schedules: options.deliver ?? false });
  const adminUrl = `http://127.0.0.1:${server.ports.admin}`;
  const publicUrl = `http://127.0.0.1:${server.ports.public}`;
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 4 });
  const tokens = server.get(AccessTokenService);
  const token = async (...scopes: string[]): Promise<string> =>
    server
      .get(CurrentRequest)
      .run({ requestId: '', network: '', userAgent: '', actor: { type: 'system' } }, async () => {
        const created = await tokens.create({ name: 'test', scopes, source: 'command', createdBy: 'test' });
        return created.token;
      });
  const pat = await token('*');
  return {
    adminUrl,
    publicUrl,
    databaseUrl,
    configuration,
    pat,
    log,
    admin: (given = pat) =>
      request.agent(adminUrl).set('authorization', `Bearer ${given}`).set('accept', 'application/json') as ReturnType<
        typeof request.agent
      >,
    anonymousAdmin: () => request.agent(adminUrl),
    publicAgent: () => request.agent(publicUrl).redirects(0) as ReturnType<typeof request.agent>,
    get: (type) => server.get(type),
    sql: async <Row extends object>(text: string, values: unknown[] = []) => (await pool.query<Row>(text, values)).rows,
    token,
    stop: async () => {
      await pool.end();
      await server.close();
      await own?.drop();
    },
  };
}

const schema = (): string => `base64://${readFileSync(resolve('config/identity.schema.json')).toString('base64')}`;

async function testConfiguration(
  databaseUrl: string,
  { config, parity, extensions = [] }: TestAppOptions,
): Promise<Configuration> {
  const [publicPort, adminPort] = await Promise.all([freePort(), freePort()]); // held at the same time, so that they differ
  const base = {
    dsn: databaseUrl,
    serve: {
      public: { host: '127.0.0.1', port: publicPort, base_url: `http://127.0.0.1:${publicPort}` },
      admin: { host: '127.0.0.1', port: adminPort, base_url: `http://127.0.0.1:${adminPort}` },
    },
    secrets: { default: ['a-secret-of-the-tests-only-0001'] },
    hashers: { algorithm: 'bcrypt', bcrypt: { cost: 8 } },
    identity: { default_schema_id: 'person', schemas: [{ id: 'person', url: schema() }] },
    selfservice: {
      methods: {
        password: { enabled: true, config: { haveibeenpwned_enabled: false } },
        link: { enabled: true },
        code: { enabled: false },
        profile: { enabled: true },
      },
      flows: { recovery: { enabled: true, use: 'link' } },
    },
    // On a busy machine many requests at once take their time, and 503 says nothing about what is tested.
    regain: { rate_limits: GENEROUS, database: { request_timeout: '30s' } },
  };
  const folder = await mkdtemp(join(tmpdir(), 'regain-test-'));
  try {
    const files = [join(folder, 'base.yml'), ...(config ? [join(folder, 'own.yml')] : [])];
    await writeFile(files[0]!, stringify(base));
    if (config) await writeFile(files[1]!, stringify(config));
    return await loadConfiguration({
      files: [...files, ...(parity ? [resolve('config/kratos-parity.yml')] : [])],
      env: {},
      extensions: { loader: givenExtensions(extensions), more: extensions.map(({ name }) => name) },
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
