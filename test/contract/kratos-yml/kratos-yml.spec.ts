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

/** The files follow public examples in their keys and kinds of values; every value is our own. */
const FOLDER = resolve('test/contract/kratos-yml');

interface Expectation {
  readonly dev?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  /** The start is refused; the list contains all paths. */
  readonly refused?: readonly string[];
  /** It starts; the list contains the beginnings of warnings. */
  readonly says?: readonly string[];
}

/** `one + other, remark`: the files; later ones win. */
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

/** The values of a file that can be told apart from our own words: addresses, secrets, placeholders. */
function valuesOf(tree: unknown): string[] {
  if (typeof tree === 'string') return tree.length > 5 && /[^A-Za-z0-9_.]/.test(tree) ? [tree] : [];
  return typeof tree === 'object' && tree !== null ? Object.values(tree).flatMap(valuesOf) : [];
}

const textsOf = ({ files }: Case): string[] => files.map((file) => readFileSync(join(FOLDER, file), 'utf8'));
const printed = (shape: Case, lines: readonly string[]): string[] =>
  textsOf(shape)
    .flatMap((text) => valuesOf(parse(text)))
    .filter((value) => lines.some((line) => line.includes(value)));

describe('realistic configuration files', () => {
  test('each says in its first line what it is, and is tested', () => {
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

  test.each(REFUSED)('$name is refused with exactly the paths that are wrong', async (shape) => {
    const { problems, message } = await refusalOf(shape);
    expect(problems.map(({ path }) => path).sort()).toEqual(shape.refused);
    expect(printed(shape, message.split('\n'))).toEqual([]);
  });

  test.each(REFUSED.filter(({ name }) => /^(01|07|12|13|14|15)/.test(name)))(
    '$name starts once its errors are fixed as told',
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
    '$name lets a person recover their account',
    async (shape) => {
      const database = await freshDatabase();
      const [open, admin] = [await freePort(), await freePort()];
      const configuration = await load(shape, {
        // The driver doesn't understand the pool parameters of a Kratos DSN.
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
