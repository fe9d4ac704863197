import { Injectable, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { afterEach, expect, test, vi } from 'vitest';
import { load } from '../../test/support/configuration-files.js';
import { ConfigModule, Configuration, RootConfig, SelfServiceConfig, SessionConfig, Urls } from './index.js';

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

test('every module gets the sections by class, and the environment changes nothing afterwards', async () => {
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
