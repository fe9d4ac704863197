import { type DynamicModule, Global, Module } from '@nestjs/common';
import { APP_FILTER, DiscoveryModule } from '@nestjs/core';
import type { Logger } from 'pino';
import { AccessModule } from './access/index.js';
import { AuditModule, AuditService } from './audit/index.js';
import { type Configuration, ConfigModule, ratesOf, Urls } from './config/index.js';
import { CourierModule, CourierPurge, DeliveryModule, MESSAGE_STILL_WANTED } from './courier/index.js';
import { entities } from './database/index.js';
import { ExtensionsModule } from './extensions/index.js';
import { HealthModule } from './health/index.js';
import {
  CREDENTIAL_LISTENERS,
  type CredentialListener,
  IdentityModule,
  IdentityPurge,
  WarnContained,
} from './identity/index.js';
import { KratosImportModule } from './kratos-import/index.js';
import { PagesModule } from './pages/index.js';
import { DatabaseModule } from './platform/database/index.js';
import { ErrorFilter, HttpModule, type RouteTable } from './platform/http/index.js';
import { KeyRing } from './platform/keys/index.js';
import { RateLimitModule, RateLimitPurge } from './platform/rate-limit/index.js';
import { PurgeModule } from './purge/index.js';
import { GrantStillWanted, RecoveryModule, RecoveryPurge, RevokeOnNewCredential } from './recovery/index.js';
import {
  CREDENTIAL_CHANGED,
  ErrorsPurge,
  LoginPurge,
  SelfServiceModule,
  SettingsPurge,
  SocialPurge,
  TellUnfinished,
} from './self-service/index.js';
import { cookiesAreSecure, FollowCredential, SessionModule, SessionPurge } from './session/index.js';

export interface AppOptions {
  readonly configuration: Configuration;
  readonly databaseUrl: string;
  readonly routes: RouteTable;
  readonly logger: Logger;
  /** false for commands, which run no schedules */
  readonly schedules: boolean;
}

/** Binds ports of lower modules to implementations in higher ones. */
@Global()
@Module({
  imports: [RecoveryModule, SessionModule],
  providers: [
    { provide: CREDENTIAL_CHANGED, useExisting: RevokeOnNewCredential },
    {
      provide: CREDENTIAL_LISTENERS,
      useFactory: (...listeners: CredentialListener[]) => listeners,
      inject: [FollowCredential, RevokeOnNewCredential],
    },
    { provide: MESSAGE_STILL_WANTED, useExisting: GrantStillWanted },
  ],
  exports: [CREDENTIAL_CHANGED, CREDENTIAL_LISTENERS, MESSAGE_STILL_WANTED],
})
class Ports {}

/** Share of a request's database budget that it may spend waiting for a connection: 1.5 s of the default 2.5 s. */
const CONNECTION_SHARE = 0.6;

/** The only file that names every module. */
@Module({})
export class AppModule {
  static forRoot({ configuration, databaseUrl, routes, logger, schedules }: AppOptions): DynamicModule {
    const { serve, secrets, cookies, root, regain, selfservice, extensions } = configuration;
    const database = {
      url: databaseUrl,
      statementTimeout: regain.database.statement_timeout.milliseconds,
      connectionWait: CONNECTION_SHARE * regain.database.request_timeout.milliseconds,
      prepared: regain.database.prepared,
      onConnectionError: (code: string, cause: string) => logger.warn({ code, cause }, 'a database connection broke'),
    };
    return {
      module: AppModule,
      imports: [
        ConfigModule.forRoot(configuration),
        DatabaseModule.forRoot({ ...database, entities, pool: regain.database.pool }),
        HttpModule.forRoot(
          {
            public: serve.public,
            admin: serve.admin,
            publicBaseUrl: serve.public.base_url,
            singleHost: regain.serve.single_host,
            strictFilters: regain.admin.strict_filters,
            publicBodyLimit: regain.serve.public_body_limit * 1024,
            browsersKnownFor: regain.login.known_for?.seconds,
            trustedProxies: regain.serve.trusted_proxies,
            moreScopes: extensions.flatMap(({ definition }) => Object.keys(definition.scopes ?? {})),
            formOrigins: regain.serve.check_origin ? new Urls(serve, selfservice).formOrigins() : undefined,
            cookies: {
              path: cookies.path,
              sameSite: cookies.same_site,
              secure: cookiesAreSecure(root, serve, cookies),
              ...(cookies.domain === undefined ? {} : { domain: cookies.domain }),
            },
          },
          routes,
          logger,
          new KeyRing(secrets.default),
        ),
        AuditModule,
        RateLimitModule.forRoot({ rates: ratesOf(regain.rate_limits), imports: [AuditModule], refusals: AuditService }),
        AccessModule,
        CourierModule,
        IdentityModule,
        SessionModule,
        SelfServiceModule,
        RecoveryModule,
        Ports,
        DeliveryModule.forRoot({ queueUrl: schedules ? (regain.database.direct_dsn ?? databaseUrl) : undefined }),
        PurgeModule.forRoot({
          schedule: schedules ? regain.purge.schedule : undefined,
          keepSeconds: regain.purge.keep.seconds,
          imports: [RecoveryModule, SelfServiceModule, SessionModule, CourierModule, IdentityModule],
          sources: [
            RecoveryPurge,
            LoginPurge,
            SettingsPurge,
            SocialPurge,
            ErrorsPurge,
            SessionPurge,
            CourierPurge,
            IdentityPurge,
            RateLimitPurge,
          ],
          tasks: [TellUnfinished, WarnContained],
        }),
        DiscoveryModule,
        HealthModule,
        KratosImportModule,
        PagesModule,
        ExtensionsModule.forRoot({
          extensions,
          database: { ...database, onMistake: (message) => logger.error(message) },
        }),
      ],
      providers: [{ provide: APP_FILTER, useClass: ErrorFilter }],
    };
  }
}
