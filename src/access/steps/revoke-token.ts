import { raw } from '@mikro-orm/core';
import { Injectable } from '@nestjs/common';
import { AuditService } from '../../audit/index.js';
import { Database } from '../../platform/database/index.js';
import { MissingRow } from '../../platform/errors/index.js';
import { isUuid } from '../../platform/flow/index.js';
import { CurrentRequest } from '../../platform/http/index.js';
import { InsufficientScope } from '../access.errors.js';
import { AccessTokenRow } from '../persistence/access.entities.js';
import { missingScopes } from '../scopes.js';

/** Ends a token for good. The row stays, so that the list and the audit trail can still name it. */
@Injectable()
export class RevokeToken {
  constructor(
    private readonly db: Database,
    private readonly audit: AuditService,
    private readonly current: CurrentRequest,
  ) {}

  /** True when this call ended it, false when it was revoked before. @throws MissingRow, InsufficientScope */
  async run(id: string): Promise<boolean> {
    if (!isUuid(id)) throw new MissingRow();
    return this.db.transaction(async (em) => {
      const row = await em.findOne(AccessTokenRow, { id });
      if (row === null) throw new MissingRow();
      this.#refuseWider(row);
      const open = { id, revokedAt: null };
      const revoked = await em.nativeUpdate(AccessTokenRow, open, { revokedAt: raw('clock_timestamp()') });
      if (revoked === 0) return false;
      await this.audit.record(em, {
        action: 'access_token.revoked',
        outcome: 'success',
        targetType: 'access_token',
        targetId: row.id,
      });
      return true;
    });
  }

  /** Who may do less must not lock out who may do more. */
  #refuseWider({ id, scopes }: AccessTokenRow): void {
    const { actor } = this.current;
    if (actor.type !== 'access_token') return;
    const missing = missingScopes(actor.scopes ?? [], scopes);
    if (missing.length === 0) return;
    this.audit.refused('access_token.revoked', 'access_token', id);
    throw new InsufficientScope(missing);
  }
}
