import { raw } from '@mikro-orm/core';
import type { SqlEntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { AuditService } from '../../audit/index.js';
import { Database } from '../../platform/database/index.js';
import { MissingRow } from '../../platform/errors/index.js';
import { isUuid } from '../../platform/flow/index.js';
import { CurrentRequest, InsufficientScope } from '../../platform/http/index.js';
import type { Revocation } from '../access.view.js';
import { AccessTokenRow } from '../persistence/access.entities.js';
import { missingScopes } from '../scopes.js';

/** Index: access_token_created_by. Ordered by id, so that two revocations cannot deadlock. */
const CHILDREN = `SELECT id FROM access_token WHERE created_by = ANY (?::text[]) AND source = 'api' ORDER BY id FOR UPDATE`;

/**
 * Revokes a token permanently and, on request, those created with it. Rows stay, because the list and the audit trail
 * name them.
 */
@Injectable()
export class RevokeToken {
  constructor(
    private readonly db: Database,
    private readonly audit: AuditService,
    private readonly current: CurrentRequest,
  ) {}

  /**
   * @param cascade whether to revoke all descendants too
   * @throws MissingRow, InsufficientScope
   */
  async run(id: string, cascade: boolean): Promise<Revocation> {
    if (!isUuid(id)) throw new MissingRow();
    return this.db.transaction(async (em) => {
      if ((await this.#hold(em, [id])).length === 0) throw new MissingRow();
      const ended = await this.#end(em, [id]);
      const revoked = ended.length === 1;
      for (let level = [id]; cascade && level.length > 0;) {
        level = await this.#children(em, level);
        ended.push(...(await this.#end(em, level)));
      }
      return { revoked, ended: ended.length };
    });
  }

  /** Locks one generation before looking up the next: whatever a locked token is creating has committed by then. */
  async #children(em: SqlEntityManager, parents: readonly string[]): Promise<string[]> {
    return (await em.execute<{ id: string }[]>(CHILDREN, [`{${parents.join(',')}}`])).map(({ id }) => id);
  }

  async #hold(em: SqlEntityManager, ids: readonly string[]): Promise<unknown[]> {
    return em.execute<unknown[]>('SELECT id FROM access_token WHERE id = ANY (?::uuid[]) FOR UPDATE', [
      `{${ids.join(',')}}`,
    ]);
  }

  /** The ids of those that were valid until now. */
  async #end(em: SqlEntityManager, ids: readonly string[]): Promise<string[]> {
    const rows = await em.find(AccessTokenRow, { id: { $in: [...ids] } });
    for (const row of rows) this.#refuseWider(row);
    const open = rows.filter(({ revokedAt }) => revokedAt == null).map(({ id }) => id);
    if (open.length === 0) return [];
    await em.nativeUpdate(AccessTokenRow, { id: { $in: open } }, { revokedAt: raw('clock_timestamp()') });
    for (const targetId of open) {
      const event = {
        action: 'access_token.revoked',
        outcome: 'success',
        targetType: 'access_token',
        targetId,
      } as const;
      await this.audit.record(em, event);
    }
    return open;
  }

  /** A caller with fewer scopes must not lock out one with more. */
  #refuseWider({ id, scopes }: AccessTokenRow): void {
    const { actor } = this.current;
    if (actor.type !== 'access_token') return;
    const missing = missingScopes(actor.scopes ?? [], scopes);
    if (missing.length === 0) return;
    this.audit.refused('access_token.revoked', 'access_token', id);
    throw new InsufficientScope(missing);
  }
}
