import 'reflect-metadata';
import type { INestApplicationContext, Type } from '@nestjs/common';
import { DiscoveryService, NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { AppModule } from './app.module.js';
import { type Configuration, type KeyPairs, readKeyPairs } from './config/index.js';
import { guestRouteProblems } from './extensions/index.js';
import { Readiness } from './health/index.js';
import { serveApiDocs } from './openapi/index.js';
import {
  addRequestHooks,
  allowOrigins,
  CertificateRenewal,
  createAdapter,
  CSRF,
  type Csrf,
  CurrentRequest,
  misdeclared,
  refuseAmbiguousRequests,
  RouteTable,
  ScopeNames,
  TwoListeners,
} from './platform/http/index.js';
import { Clock } from './platform/clock/index.js';
import { RefusedRequests } from './platform/rate-limit/index.js';
import { Random } from './platform/random/index.js';
import type { KeyPair } from './platform/tls/index.js';

export interface ServerOptions {
  readonly configuration: Configuration;
  readonly databaseUrl: string;
  readonly logger: Logger;
  readonly schedules?: boolean;
  /** runs before the first request is answered; if it throws, the server never starts listening */
  readonly prepare?: (get: RegainServer['get']) => Promise<void>;
  /** milliseconds in which closing tells keep-alive connections to close; default: none */
  readonly drain?: number;
}

/** A server that listens on both addresses. */
export interface RegainServer {
  readonly ports: { public: number; admin: number };
  get<T>(token: Type<T>): T;
  /**
   * Turns readiness to 503, then stops accepting connections, then waits for running requests, then ends jobs and the
   * pool.
   */
  close(): Promise<void>;
}

/** Builds the application without listening: for the server, and for the OpenAPI document. */
export async function createApp(
  options: ServerOptions,
  preview = false,
  pairs?: KeyPairs,
): Promise<NestFastifyApplication> {
  const { configuration, databaseUrl, logger, schedules = true } = options;
  const random = new Random();
  const { regain, serve, extensions } = configuration;
  const { adapter, routes } = createAdapter(
    {
      singleHost: regain.serve.single_host,
      publicBodyLimit: regain.serve.public_body_limit * 1024,
      morePublic: extensions.flatMap(({ definition }) =>
        (definition.prefixes ?? []).filter((prefix) => !prefix.startsWith('/admin/')),
      ),
      redirectTo: regain.serve.redirect_between_listeners ? baseUrls(serve) : undefined,
    },
    () => random.uuid(),
    pairs?.public,
  );
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.forRoot({ configuration, databaseUrl, routes, logger, schedules }),
    adapter,
    { bodyParser: false, logger: false, abortOnError: false, preview },
  );
  return app;
}

/** @throws ConfigurationError if a listener's certificate cannot be used */
export async function startServer(options: ServerOptions): Promise<RegainServer> {
  const { configuration, logger, prepare, drain = 0 } = options;
  const { serve, regain } = configuration;
  const pairs = await readKeyPairs(serve);
  const app = await createApp(options, false, pairs);
  try {
    refuseMisdeclared(app, configuration.extensions);
    const fastify = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
    refuseAmbiguousRequests(fastify);
    addRequestHooks(fastify, {
      current: app.get(CurrentRequest),
      csrf: app.get<Csrf>(CSRF),
      logger,
      trustedProxies: regain.serve.trusted_proxies,
      insistOnTls: serve.public.base_url.startsWith('https:'),
      databaseBudget: regain.database.request_timeout.milliseconds,
    });
    app.get(RefusedRequests).attach(app.getHttpAdapter().getInstance() as unknown as FastifyInstance);
    allowOrigins(app, { public: serve.public.cors, admin: serve.admin.cors });
    serveApiDocs(app, { public: serve.public.base_url, admin: serve.admin.base_url });
    const listeners = new TwoListeners(app, { public: serve.public, admin: serve.admin }, pairs.admin);
    const renewal = renewalOf(listeners, serve, pairs, logger, app.get(Clock));
    await app.init();
    const get: RegainServer['get'] = (token) => app.get(token);
    await prepare?.(get);
    const ports = await listeners.listen();
    renewal.start();
    return {
      ports,
      get,
      close: async () => {
        renewal.stop();
        app.get(Readiness).drain();
        await listeners.close(drain);
        await app.close();
      },
    };
  } catch (error) {
    await app.close().catch(() => undefined);
    throw error;
  }
}

function renewalOf(
  listeners: TwoListeners,
  serve: Configuration['serve'],
  pairs: KeyPairs,
  logger: Logger,
  clock: Clock,
): CertificateRenewal {
  const secure = (['public', 'admin'] as const).flatMap((listener) => {
    const pair = pairs[listener];
    const replace = (another: KeyPair): void => listeners.replaceKeyPair(listener, another);
    return pair ? [{ listener, source: serve[listener].tls, pair, replace }] : [];
  });
  return new CertificateRenewal(secure, logger, clock);
}

const baseUrls = ({ public: { base_url: open }, admin: { base_url: admin } }: Configuration['serve']) => ({
  public: open,
  admin,
});

/** The services without listeners or schedules, for commands. */
export async function createContext(options: ServerOptions): Promise<INestApplicationContext> {
  const { configuration, databaseUrl, logger } = options;
  return NestFactory.createApplicationContext(
    AppModule.forRoot({ configuration, databaseUrl, routes: new RouteTable(), logger, schedules: false }),
    { logger: false, abortOnError: false },
  );
}

/** Stops startup if a controller lacks a declaration. */
function refuseMisdeclared(app: NestFastifyApplication, extensions: Configuration['extensions']): void {
  const controllers = app.get(DiscoveryService, { strict: false }).getControllers();
  const types = controllers.flatMap(({ metatype }) => (metatype ? [metatype as Type] : []));
  const problems = [...misdeclared(types, app.get(ScopeNames)), ...guestRouteProblems(app, extensions)];
  if (problems.length > 0) throw new Error(`routes that cannot be served: ${problems.join('; ')}`);
}
