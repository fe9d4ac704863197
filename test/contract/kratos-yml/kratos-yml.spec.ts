import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { AccessTokenService } from '../../../src/access/index.js';
import { type Configuration, ConfigurationError, ignoreHint, loadConfiguration } from '../../../src/config/index.js';
import { startServer } from '../../../src/main.js';
import { CurrentRequest } from '../../../src/platform/http/index.js';
import { freshDatabase } from '../../support/database.js';
import { freePort } from '../../support/server-process.js';
import EXPECTED from './expected.json' with { type: 'json' };

/** The files are shapes that people have: keys and kinds of values as found in public, every value our own. */
const FOLDER = resolve('test/contract/kratos-yml');

interface Expectation {
  readonly dev?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  /** The start is refused, and these are all the paths. */
  readonly refused?: readonly string[];
  /** It starts, and these are beginnings of warnings. */
  readonly says?: readonly string[];
}

/** `one + other, remark`: the files, the later ones win. */
const CASES = Object.entries(EXPECTED as Record<string, Expectation>).map(([name, expectation]) => ({
  name,
  files: (name.split(',')[0] ?? '').split(' + ').map((file) => `${file}.yml`),
  ...expectation,
}));

const STARTING = CASES.filter(({ refused }) => refused === undefined);
const REFUSED = CASES.filter(({ refused }) => refused !== undefined);

type Case = (typeof CASES)[number];

function load({ files, env = {}, dev = false }: Case, more: Record<string, string> = {}): Promise<Configuration> {
  return loadConfiguration({ files, env: { ...env, ...more }, cwd: FOLDER, dev });
}

async function refusalOf(shape: Case): Promise<ConfigurationError> {
  const failure: unknown = await load(shape).then(
    () => new Error('it starts'),
    (error: unknown) => error,
  );
  if (failure instanceof ConfigurationError) return failure;
  throw failure;
}

/** The values of a file that could be told from words of ours: addresses, secrets, placeholders. */
function valuesOf(tree: unknown): string[] {
  if (typeof tree === 'string') return tree.length > 5 && /[^A-Za-z0-9_.]/.test(tree) ? [tree] : [];
  return typeof tree === 'object' && tree !== null ? Object.values(tree).flatMap(valuesOf) : [];
}

const textsOf = ({ files }: Case): string[] => files.map((file) => readFileSync(join(FOLDER, file), 'utf8'));
const printed = (shape: Case, lines: readonly string[]): string[] =>
  textsOf(shape)
    .flatMap((text) => valuesOf(parse(text)))
    .filter((value) => lines.some((line) => line.includes(value)));

describe('configuration files as people have them', () => {
  test('each says in its first line what it is, and is tried', () => {
    const files = readdirSync(FOLDER).filter((file) => file.endsWith('.yml'));
    expect(files.length).toBeGreaterThanOrEqual(20);
    expect(files.filter((file) => !CASES.some((each) => each.files.includes(file)))).toEqual([]);
    expect(files.filter((file) => !/^# .{20,}\n/.test(readFileSync(join(FOLDER, file), 'utf8')))).toEqual([]);
  });

  test.each(STARTING)('$name can be started', async (shape) => {
    const { warnings } = await load(shape);
    expect((shape.says ?? []).filter((begin) => !warnings.some((line) => line.startsWith(begin)))).toEqual([]);
    expect(printed(shape, warnings)).toEqual([]);
  });

  test.each(REFUSED)('$name is refused with exactly the paths that are in the way', async (shape) => {
    const { problems, message } = await refusalOf(shape);
    expect(problems.map(({ path }) => path).sort()).toEqual(shape.refused);
    expect(printed(shape, message.split('\n'))).toEqual([]);
  });

  test.each(REFUSED.filter(({ name }) => /^(01|07|12|13|14|15)/.test(name)))(
    'what $name is told to write makes it start',
    async (shape) => {
      const { problems } = await refusalOf(shape);
      const [hint = ''] = ignoreHint(problems);
      const ignore = /ignore: \[(.+)\]/.exec(hint)?.[1]?.split(', ') ?? [];
      const { warnings } = await load(shape, {
        REGAIN_IGNORE: JSON.stringify(ignore),
        REGAIN_RECOVERY_SECOND_FACTOR: 'refuse',
      });
      const named = ignore.filter((path) => warnings.some((line) => line.startsWith(`${path} is left to Kratos`)));
      expect(named).toEqual(ignore);
    },
  );
});

describe('a server started with', () => {
  const names = ['01-quickstart-dev + 22', '03-helm', '05-cookies', '12-web-hooks + 23', '21-operations'];
  test.each(STARTING.filter(({ name }) => names.some((begin) => name.startsWith(begin))))(
    '$name gives a person their account back',
    async (shape) => {
      const database = await freshDatabase();
      const [open, admin] = [await freePort(), await freePort()];
      const configuration = await load(shape, {
        // What a DSN of Kratos' says about its own pool is no word to the driver.
        DSN: `${database.url}?sslmode=disable&max_conns=20&max_idle_conns=4`,
        SECRETS_DEFAULT: 'a-default-secret-of-this-test-only',
        SERVE_PUBLIC_HOST: '127.0.0.1',
        SERVE_PUBLIC_PORT: String(open),
        SERVE_ADMIN_HOST: '127.0.0.1',
        SERVE_ADMIN_PORT: String(admin),
      });
      const logger = pino({ level: 'silent' });
      const server = await startServer({
        configuration,
        databaseUrl: configuration.root.dsn,
        logger,
        schedules: false,
      });
      try {
        const { token } = await server
          .get(CurrentRequest)
          .run({ requestId: '', network: '', userAgent: '', actor: { type: 'system' } }, () =>
            server
              .get(AccessTokenService)
              .create({ name: 'test', scopes: ['*'], source: 'command', createdBy: 'test' }),
          );
        const call = (path: string, body: object): Promise<Response> =>
          fetch(`http://127.0.0.1:${server.ports.admin}/admin${path}`, {
            method: 'POST',
            headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
            body: JSON.stringify(body),
          });
        const made = await call('/identities', {
          schema_id: configuration.identity.default_schema_id,
          traits: { email: 'ada@example.com' },
        });
        const { id } = (await made.json()) as { id: string };
        const kind = configuration.selfservice.methods.code.enabled ? 'code' : 'link';
        const granted = await call(`/recovery/${kind}`, { identity_id: id });
        const { recovery_link: link } = (await granted.json()) as { recovery_link: string };
        expect([made.status, granted.status]).toEqual([201, kind === 'code' ? 201 : 200]);
        const page =
          configuration.selfservice.flows.recovery.ui_url ?? `${configuration.serve.public.base_url}/ui/recovery`;
        expect(link.split('?')[0]).toBe(
          kind === 'code' ? page : `${configuration.serve.public.base_url}/self-service/recovery`,
        );
        const registration = await fetch(`http://127.0.0.1:${server.ports.public}/self-service/registration/browser`);
        expect(registration.status).toBe(404);
      } finally {
        await server.close();
        await database.drop();
      }
    },
  );
});
