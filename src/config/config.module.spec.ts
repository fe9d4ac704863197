import { Inject, Injectable, Module } from '@nestjs/common';
import { ConfigService, type ConfigType } from '@nestjs/config';
import { Test } from '@nestjs/testing';
import { afterEach, describe, expect, expectTypeOf, onTestFinished, test, vi } from 'vitest';
import { load } from '../../test/support/configuration-files.js';
import { FileShape } from './file-shape.js';
import {
  ConfigModule,
  Configuration,
  NAMESPACES,
  RootConfig,
  SecretsConfig,
  SelfServiceConfig,
  SessionConfig,
  Urls,
} from './index.js';
import { keysOf, type SectionClass } from './keys.js';

afterEach(() => vi.unstubAllEnvs());

@Injectable()
class Asker {
  constructor(
    readonly session: SessionConfig,
    readonly selfservice: SelfServiceConfig,
    readonly root: RootConfig,
    readonly configuration: Configuration,
    readonly urls: Urls,
  ) {}
}

@Module({ providers: [Asker] })
class AskingModule {}

test('provides the sections by class, unaffected by later changes to the environment', async () => {
  const configuration = await load({ yaml: ['session: { lifespan: 5m }'] });
  vi.stubEnv('regain', 'from the environment');
  vi.stubEnv('SESSION_LIFESPAN', '9h');
  const app = await Test.createTestingModule({
    imports: [ConfigModule.forRoot(configuration), AskingModule],
  }).compile();
  const asker = app.get(Asker);
  expect(asker.session).toBe(configuration.session);
  expect(asker.session.lifespan.toString()).toBe('5m0s');
  expect(asker.selfservice).toBe(configuration.selfservice);
  expect(asker.root.dsn).toBe('memory');
  expect(asker.configuration).toBe(configuration);
  expect(asker.urls.public('/x')).toBe('http://127.0.0.1:4433/x');
  await app.close();
});

describe('ConfigService and the namespaces', () => {
  const SECRETS = {
    dsn: 'postgres://u:S3CRET-dsn@127.0.0.1/db',
    secrets: {
      default: ['S3CRET-default-key'],
      cookie: ['S3CRET-cookie-key'],
      cipher: ['S3CRET-cipher-key-of-32-letters-'],
    },
    serve: { public: { tls: { key: { base64: 'S3CRET-tls' }, cert: { base64: 'Y2VydA==' } } } },
    courier: {
      smtp: { connection_uri: 'smtp://u:S3CRET-smtp@127.0.0.1:25/' },
      http: {
        request_config: {
          url: 'https://mail.example/S3CRET-url',
          headers: { 'x-key': 'S3CRET-header' },
          auth: { type: 'api_key', config: { name: 'x', value: 'S3CRET-api-key', password: 'S3CRET-basic' } },
        },
      },
    },
    selfservice: {
      methods: {
        oidc: {
          enabled: true,
          config: {
            providers: [
              {
                id: 'one',
                provider: 'generic',
                client_id: 'client',
                client_secret: 'S3CRET-client',
                issuer_url: 'https://issuer.example',
              },
            ],
          },
        },
      },
    },
    regain: { database: { direct_dsn: 'postgres://u:S3CRET-direct@127.0.0.1/db' } },
  };

  async function service(configuration: Configuration) {
    const app = await Test.createTestingModule({ imports: [ConfigModule.forRoot(configuration)] }).compile();
    onTestFinished(() => app.close());
    return app;
  }

  test('serve every key by its path in kratos.yml, except secret ones, which only the classes have', async () => {
    const configuration = await load({ yaml: [JSON.stringify(SECRETS)] });
    const app = await service(configuration);
    const config = app.get(ConfigService);
    const counts = { shown: 0, hidden: 0 };
    for (const { path, secret } of everyKey(FileShape, '')) {
      const held: unknown = path.split('.').reduce<unknown>((at, step) => Reflect.get(at as object, step), {
        ...configuration,
        ...configuration.root,
      });
      expect(config.get(path), path).toEqual(secret ? undefined : held);
      counts[secret ? 'hidden' : 'shown'] += 1;
    }
    expect(counts.hidden).toBeGreaterThan(8);
    expect(counts.shown).toBeGreaterThan(100);
    const everything = JSON.stringify(Object.values(NAMESPACES).map(({ KEY }) => app.get<object>(KEY)));
    expect(everything).toContain('"client_id":"client"');
    expect(everything).not.toContain('S3CRET');
    expect(JSON.stringify(app.get(SecretsConfig))).toContain('S3CRET-default-key');
  });

  test('read no environment variable and set none', async () => {
    vi.stubEnv('SESSION_LIFESPAN', '9h');
    vi.stubEnv('session', 'from the environment');
    vi.stubEnv('REGAIN_UNHEARD_OF', 'x');
    const app = await service(await load({}));
    const config = app.get(ConfigService);
    const names = Object.keys(process.env);
    expect(names).toContain('REGAIN_UNHEARD_OF');
    for (const name of names.filter((each) => each !== 'session')) expect(config.get(name), name).toBeUndefined();
    expect(String(config.get('session.lifespan'))).toBe('24h0m0s');
    expect(() => config.set('session.lifespan', '1h')).toThrow('read-only');
    expect(process.env['session.lifespan']).toBeUndefined();
    expect(String(config.get('session.lifespan'))).toBe('24h0m0s');
  });

  test('inject a namespace by its key, frozen and typed without its secrets', async () => {
    @Injectable()
    class Guest {
      constructor(
        @Inject(NAMESPACES.session.KEY) readonly session: ConfigType<typeof NAMESPACES.session>,
        @Inject(NAMESPACES.courier.KEY) readonly courier: ConfigType<typeof NAMESPACES.courier>,
      ) {}
    }
    @Module({ providers: [Guest] })
    class GuestModule {}
    const configuration = await load({ yaml: ['session: { lifespan: 5m }'] });
    const app = await Test.createTestingModule({
      imports: [ConfigModule.forRoot(configuration), GuestModule],
    }).compile();
    const { session, courier } = app.get(Guest);
    expect(session.lifespan.toString()).toBe('5m0s');
    expect(session.cookie.name).toBe('ory_kratos_session');
    expect(() => Object.assign(session, { lifespan: null })).toThrow(TypeError);
    expect(() => Object.assign(session.cookie, { name: 'x' })).toThrow(TypeError);
    expectTypeOf(courier.smtp).not.toHaveProperty('connection_uri');
    expectTypeOf(courier.smtp).toHaveProperty('from_address');
    expect(() => NAMESPACES.session()).toThrow('injected by its KEY');
    await app.close();
  });
});

/** All keys outside lists. */
function everyKey(shape: SectionClass, above: string): { path: string; secret: boolean }[] {
  return keysOf(shape).flatMap(({ name, kind, secret, shape: below }) => {
    if (kind === 'items') return [];
    return below ? everyKey(below(), `${above}${name}.`) : [{ path: `${above}${name}`, secret }];
  });
}
