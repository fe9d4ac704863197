import { type DynamicModule, Global, Module } from '@nestjs/common';
import type { Logger } from 'pino';
import { Clock } from '../clock/index.js';
import { KEY_RING, type KeyRing } from '../keys/index.js';
import { Random } from '../random/index.js';
import { CSRF, Csrf } from './csrf.js';
import { FormOriginGuard } from './form-origin.guard.js';
import { DEVICE_COOKIE, DeviceCookie } from './device-cookie.js';
import { HTTP_OPTIONS, type HttpOptions, LOGGER } from './http.options.js';
import { CurrentRequest } from './request-context.js';
import { RouteTable } from './route-table.js';
import { ScopeNames } from './scopes.js';

export { HTTP_OPTIONS, type HttpOptions } from './http.options.js';

@Global()
@Module({})
export class HttpModule {
  static forRoot(options: HttpOptions, routes: RouteTable, logger: Logger, keys: KeyRing): DynamicModule {
    return {
      module: HttpModule,
      providers: [
        Clock,
        Random,
        CurrentRequest,
        FormOriginGuard,
        { provide: HTTP_OPTIONS, useValue: options },
        { provide: ScopeNames, useValue: new ScopeNames(options.moreScopes) },
        { provide: RouteTable, useValue: routes },
        { provide: LOGGER, useValue: logger },
        { provide: KEY_RING, useValue: keys },
        {
          provide: CSRF,
          inject: [KEY_RING, Random],
          useFactory: (ring: KeyRing, random: Random) => new Csrf(ring, random, options),
        },
        {
          provide: DEVICE_COOKIE,
          inject: [KEY_RING, Clock],
          useFactory: (ring: KeyRing, clock: Clock) =>
            new DeviceCookie(ring, clock, options.cookies, options.browsersKnownFor),
        },
      ],
      exports: [
        DEVICE_COOKIE,
        Clock,
        Random,
        CurrentRequest,
        FormOriginGuard,
        HTTP_OPTIONS,
        ScopeNames,
        RouteTable,
        LOGGER,
        KEY_RING,
        CSRF,
      ],
    };
  }
}
