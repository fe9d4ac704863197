import type { SqlEntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { AuditService } from '../../audit/index.js';
import { isUuid } from '../../platform/flow/index.js';
import { SuspendedWays } from '../credentials/suspended-ways.js';

/** The person or an administrator confirms that a suspended way in is the person's. */
@Injectable()
export class KeepSuspended {
  constructor(
    private readonly ways: SuspendedWays,
    private readonly audit: AuditService,
  ) {}

  /** Runs in the caller's transaction. False if nothing with that id is suspended. */
  async run(em: SqlEntityManager, identityId: string, wayId: string): Promise<boolean> {
    const kind = isUuid(wayId) ? await this.ways.keep(em, identityId, wayId) : undefined;
    if (kind === undefined) return false;
    await this.audit.record(em, {
      action: `identity.${kind}_kept`,
      outcome: 'success',
      targetType: 'identity',
      targetId: identityId,
    });
    return true;
  }
}
