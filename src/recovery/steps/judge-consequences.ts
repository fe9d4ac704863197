import { Injectable } from '@nestjs/common';
import { SelfServiceConfig } from '../../config/index.js';
import { CurrentRequest, InsufficientScope } from '../../platform/http/index.js';
import type { Consequences } from '../flow/consequences.js';
import { NothingToSet } from '../recovery.errors.js';

/**
 * Checks whether an administrator may contain an account or have credentials removed, and whether its owner could get
 * back in.
 */
@Injectable()
export class JudgeConsequences {
  constructor(
    private readonly current: CurrentRequest,
    private readonly selfservice: SelfServiceConfig,
  ) {}

  /** @throws InsufficientScope, NothingToSet */
  of({
    contain,
    reset,
  }: {
    contain?: boolean | 'keep_mail' | undefined;
    reset?: readonly string[] | undefined;
  }): Consequences {
    const contains = contain === true || contain === 'keep_mail';
    const resets = reset !== undefined && reset.length > 0;
    if (contains) this.#need('recovery:issue', 'session:write');
    if (resets) this.#need('recovery:issue', 'credentials:write');
    if (contains && !this.#canSet()) throw new NothingToSet();
    return {
      containment: contains ? (contain === true ? 'all' : 'keep_mail') : undefined,
      reset: resets ? [...new Set(reset)] : undefined,
    };
  }

  #need(...scopes: Parameters<CurrentRequest['may']>[0][]): void {
    const missing = scopes.find((scope) => !this.current.may(scope));
    if (missing !== undefined) throw new InsufficientScope([missing]);
  }

  #canSet(): boolean {
    const { password, oidc } = this.selfservice.methods;
    return password.enabled || (oidc.enabled && oidc.config.providers.length > 0);
  }
}
