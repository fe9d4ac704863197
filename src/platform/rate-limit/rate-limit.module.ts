import { type DynamicModule, Global, Module, type Type } from '@nestjs/common';
import type { Rates } from '../limits/index.js';
import { LimitGuard } from './limited.js';
import { PostgresRateLimiter } from './postgres-rate-limiter.js';
import { RATES, REFUSAL_COUNTER, type RefusalCounter } from './rate-limit.options.js';
import { RefusedRequests } from './refused-requests.js';
import { RateLimitPurge } from './rate-limit.purge.js';
import { RATE_LIMITER } from './rate-limiter.js';

interface RateLimitOptions {
  readonly rates: Rates;
  /** the module that provides the RefusalCounter, and that counter */
  readonly imports: DynamicModule['imports'];
  readonly refusals: Type<RefusalCounter>;
}

@Global()
@Module({})
export class RateLimitModule {
  static forRoot({ rates, imports, refusals }: RateLimitOptions): DynamicModule {
    return {
      module: RateLimitModule,
      imports: imports ?? [],
      providers: [
        RateLimitPurge,
        RefusedRequests,
        LimitGuard,
        { provide: RATES, useValue: rates },
        { provide: REFUSAL_COUNTER, useExisting: refusals },
        { provide: RATE_LIMITER, useClass: PostgresRateLimiter },
      ],
      exports: [RATE_LIMITER, RATES, RateLimitPurge, RefusedRequests],
    };
  }
}
