import type { Type } from '@nestjs/common';
import { pino } from 'pino';
import { AccessTokenService } from '../access/index.js';
import { migrate } from '../database/index.js';
import { migrateExtensions } from '../extensions/index.js';
import { type RegainServer, startServer } from '../main.js';
import { startEmbedded } from '../platform/embedded-postgres/index.js';
import type { Extension } from '../platform/extension/index.js';
import { CurrentRequest } from '../platform/http/index.js';
import { Random } from '../platform/random/index.js';
import { MailSink, type TestMail } from './mail-sink.js';
import { testConfiguration } from './test-configuration.js';

export interface TestAppOptions {
  /** loaded as if kratos.yml listed them, in this order */
  readonly extensions: readonly Extension[];
  /** laid over the least configuration, like a second file: sections of extensions, too */
  readonly config?: object;
  /** delivers messages, to a server that keeps them, and runs schedules; otherwise messages stay in the outbox */
  readonly deliver?: boolean;
}

/** An answer with its JSON, or its text where it has none. */
export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

export interface TestPerson {
  readonly id: string;
  readonly email: string;
}

export interface TestApp {
  readonly adminUrl: string;
  readonly publicUrl: string;
  /** postgres:// URL, for a look at the tables */
  readonly databaseUrl: string;
  /** lines of the server's log, as JSON */
  readonly log: readonly string[];
  /** A token with these scopes. */
  token(...scopes: string[]): Promise<string>;
  /** A request to the admin listener: with a token that has every scope, unless told otherwise. */
  admin(method: string, path: string, body?: object, token?: string): Promise<Answered>;
  /** A request to the public listener; redirects are not followed. */
  public(method: string, path: string, body?: object): Promise<Answered>;
  /** Somebody with an address; `more` goes into POST /admin/identities. */
  person(more?: object): Promise<TestPerson>;
  /** The first mail to that address; waits up to 30 s for it. Needs `deliver`. */
  mailTo(address: string): Promise<TestMail>;
  /** A service that `regain` exports, or one of the extension's own. */
  get<T>(token: Type<T>): T;
  stop(): Promise<void>;
}

/** The real server on free ports of loopback, on an empty database of its own. Takes a few seconds; stop it in the end. */
export async function startTestApp({ extensions, config, deliver = false }: TestAppOptions): Promise<TestApp> {
  const postgres = await startEmbedded({ directory: '', role: 'temporary' });
  const mails = new MailSink();
  try {
    const configuration = await testConfiguration(postgres.url, await mails.start(), extensions, config);
    await migrate(postgres.url);
    await migrateExtensions(postgres.url, configuration.extensions);
    const log: string[] = [];
    const logger = pino({ level: 'info', base: null }, { write: (line: string) => void log.push(line) });
    const server = await startServer({ configuration, databaseUrl: postgres.url, logger, schedules: deliver });
    return await appOf(server, postgres, mails, log);
  } catch (error) {
    await mails.stop();
    await postgres.stop();
    throw error;
  }
}

async function appOf(
  server: RegainServer,
  postgres: { url: string; stop(): Promise<void> },
  mails: MailSink,
  log: readonly string[],
): Promise<TestApp> {
  const adminUrl = `http://127.0.0.1:${server.ports.admin}`;
  const publicUrl = `http://127.0.0.1:${server.ports.public}`;
  const token = tokensOf(server);
  const everything = await token('*');
  const admin: TestApp['admin'] = (method, path, body, given = everything) =>
    ask(adminUrl, method, path, body, { authorization: `Bearer ${given}` });
  const random = new Random();
  return {
    adminUrl,
    publicUrl,
    databaseUrl: postgres.url,
    log,
    token,
    admin,
    public: (method, path, body) => ask(publicUrl, method, path, body),
    person: async (more = {}) => {
      const email = `person.${random.base62(12).toLowerCase()}@example.com`;
      const made = await admin('POST', '/admin/identities', { schema_id: 'person', traits: { email }, ...more });
      if (made.status !== 201) throw new Error(`no person was made: ${JSON.stringify(made.body)}`);
      return { id: (made.body as { id: string }).id, email };
    },
    mailTo: (address) => mails.to(address),
    get: (type) => server.get(type),
    stop: async () => {
      await server.close();
      await mails.stop();
      await postgres.stop();
    },
  };
}

const tokensOf =
  (server: RegainServer) =>
  (...scopes: string[]): Promise<string> =>
    server
      .get(CurrentRequest)
      .run({ requestId: '', network: '', userAgent: '', actor: { type: 'system' } }, async () => {
        const wanted = { name: 'test', scopes, source: 'command', createdBy: 'test' } as const;
        return (await server.get(AccessTokenService).create(wanted)).token;
      });

async function ask(
  base: string,
  method: string,
  path: string,
  body?: object,
  headers: Record<string, string> = {},
): Promise<Answered> {
  const json = body === undefined ? {} : { body: JSON.stringify(body) };
  const answer = await fetch(new URL(path, base), {
    method,
    redirect: 'manual',
    headers: { accept: 'application/json', ...(body ? { 'content-type': 'application/json' } : {}), ...headers },
    ...json,
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, body: parsed(text) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
