import { raw } from '@mikro-orm/core';
import type { SqlEntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { AuditService } from '../../audit/index.js';
import { Database } from '../../platform/database/index.js';
import { ScopeNames } from '../../platform/http/index.js';
import { digest } from '../../platform/keys/index.js';
import { Random } from '../../platform/random/index.js';
import { EnvironmentTokenInvalid } from '../access.errors.js';
import { AccessTokenRow } from '../persistence/access.entities.js';
import { isTokenShaped, last4, looksLikeExample } from '../token-format.js';

/** `revoked`: the variable still holds a token that someone revoked. It does not work; set a new one. */
export type EnvironmentTokenState = 'absent' | 'active' | 'revoked';

const LOCK = `SELECT pg_advisory_xact_lock(hashtext('regain: environment token'))`;
const NOW = 'clock_timestamp()';

/**
 * Brings the database in line with REGAIN_ACCESS_TOKEN: at most one token of source `environment` is active.
 * A token that a start replaced has both revoked_at and expires_at, and may return with the variable. One that someone
 * revoked has no expires_at, and never returns.
 */
@Injectable()
export class SyncEnvironmentToken {
  constructor(
    private readonly db: Database,
    private readonly random: Random,
    private readonly audit: AuditService,
    private readonly known: ScopeNames,
  ) {}

  /**
   * @param scopes of the token; absent: all
   * @throws EnvironmentTokenInvalid
   */
  async run(token: string | undefined, scopes: readonly string[] = ['*']): Promise<EnvironmentTokenState> {
    if (token !== undefined) checkToken(token);
    checkScopes(scopes, this.known);
    return this.db.transaction(async (em) => {
      await em.getConnection().execute(LOCK, [], 'all', em.getTransactionContext());
      const wanted = token === undefined ? undefined : digest(token);
      await this.#retireOthers(em, wanted);
      if (token === undefined || wanted === undefined) return 'absent';
      const row = await em.findOne(AccessTokenRow, { digest: wanted });
      if (row) return this.#keep(em, row, scopes);
      await this.#create(em, token, wanted, scopes);
      return 'active';
    });
  }

  async #retireOthers(em: SqlEntityManager, wanted: Buffer | undefined): Promise<void> {
    const active = await em.find(AccessTokenRow, { source: 'environment', revokedAt: null });
    for (const { id, digest: other } of active) {
      if (wanted?.equals(other)) continue;
      await em.nativeUpdate(AccessTokenRow, { id }, { revokedAt: raw(NOW), expiresAt: raw(NOW) });
      await this.#record(em, 'access_token.revoked', id);
    }
  }

  async #create(em: SqlEntityManager, token: string, wanted: Buffer, scopes: readonly string[]): Promise<void> {
    const id = this.random.uuid();
    const who = { name: 'environment', source: 'environment', createdBy: 'REGAIN_ACCESS_TOKEN' } as const;
    await em.insert(AccessTokenRow, { id, digest: wanted, last4: last4(token), scopes, ...who });
    await this.#record(em, 'access_token.created', id);
  }

  async #keep(em: SqlEntityManager, row: AccessTokenRow, scopes: readonly string[]): Promise<EnvironmentTokenState> {
    if (row.source !== 'environment') {
      throw new EnvironmentTokenInvalid(
        'REGAIN_ACCESS_TOKEN',
        'holds a token that the API or a command created; use a new value',
      );
    }
    const replaced = row.revokedAt != null && row.expiresAt != null;
    if (row.revokedAt != null && !replaced) return 'revoked';
    if (!replaced && sameScopes(row.scopes, scopes)) return 'active';
    await em.nativeUpdate(AccessTokenRow, { id: row.id }, { scopes, revokedAt: null, expiresAt: null });
    await this.#record(em, replaced ? 'access_token.restored' : 'access_token.changed', row.id);
    return 'active';
  }

  async #record(em: SqlEntityManager, action: string, targetId: string): Promise<void> {
    await this.audit.record(em, { action, outcome: 'success', targetType: 'access_token', targetId });
  }
}

function checkToken(token: string): void {
  if (!isTokenShaped(token)) {
    throw new EnvironmentTokenInvalid(
      'REGAIN_ACCESS_TOKEN',
      'must be "ory_pat_" followed by exactly 32 letters and digits',
    );
  }
  if (looksLikeExample(token)) {
    throw new EnvironmentTokenInvalid('REGAIN_ACCESS_TOKEN', 'is an example from documentation; use a random value');
  }
}

function checkScopes(scopes: readonly string[], known: ScopeNames): void {
  if (scopes.length === 0 || !scopes.every((scope) => known.has(scope))) {
    throw new EnvironmentTokenInvalid(
      'REGAIN_ACCESS_TOKEN_SCOPES',
      `must list at least one of: ${known.all.join(', ')}`,
    );
  }
}

const sameScopes = (a: readonly string[], b: readonly string[]): boolean =>
  JSON.stringify([...a].sort()) === JSON.stringify([...b].sort());
