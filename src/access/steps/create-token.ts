import { raw } from '@mikro-orm/core';
import type { SqlEntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { AuditService } from '../../audit/index.js';
import { Database } from '../../platform/database/index.js';
import { CurrentRequest, InsufficientScope, ScopeNames } from '../../platform/http/index.js';
import { digest } from '../../platform/keys/index.js';
import { Random } from '../../platform/random/index.js';
import { TokenFieldInvalid, TokenUnusable } from '../access.errors.js';
import type { CreatedAccessToken, NewAccessToken } from '../access.view.js';
import { AccessTokenRow } from '../persistence/access.entities.js';
import { missingScopes } from '../scopes.js';
import { last4, SECRET_LENGTH, tokenOf } from '../token-format.js';

const LONGEST_NAME = 100;

/** At the latest when the calling token expires. LEAST ignores nulls, and null means never. */
const EXPIRES_AT = `LEAST(clock_timestamp() + make_interval(secs => ?::double precision),
  (SELECT holder.expires_at FROM access_token holder WHERE holder.id = ?::uuid))`;

/**
 * Locks the calling token's row. A revocation commits either before, so that nothing is created, or after, and then
 * finds the new token.
 */
const HOLD = `SELECT id FROM access_token
  WHERE id = ?::uuid AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > clock_timestamp()) FOR SHARE`;

/** Creates a token whose scopes and lifetime do not exceed those of the calling token. */
@Injectable()
export class CreateToken {
  constructor(
    private readonly db: Database,
    private readonly random: Random,
    private readonly audit: AuditService,
    private readonly current: CurrentRequest,
    private readonly known: ScopeNames,
  ) {}

  async run(wanted: NewAccessToken): Promise<CreatedAccessToken> {
    const name = checkedName(wanted.name);
    const scopes = checkedScopes(wanted.scopes, this.known);
    if (wanted.expiresIn && !wanted.expiresIn.isPositive)
      throw new TokenFieldInvalid('expires_in', 'must be more than zero');
    this.#refuseWider(scopes);
    const token = tokenOf(this.random.base62(SECRET_LENGTH));
    const id = this.random.uuid();
    const row = await this.db.transaction(async (em) => {
      await this.#refuseEnded(em);
      await em.insert(AccessTokenRow, {
        id,
        digest: digest(token),
        name,
        last4: last4(token),
        scopes,
        source: wanted.source,
        createdBy: wanted.createdBy,
        expiresAt: raw(EXPIRES_AT, [wanted.expiresIn?.seconds ?? null, this.#holder()]),
      });
      await this.audit.record(em, {
        action: 'access_token.created',
        outcome: 'success',
        targetType: 'access_token',
        targetId: id,
      });
      return em.findOneOrFail(AccessTokenRow, { id });
    });
    const { createdAt, expiresAt = null } = row;
    const { source, createdBy } = wanted;
    const times = { createdAt, expiresAt, lastUsedAt: null, revokedAt: null };
    return { token, view: { id, name, last4: last4(token), scopes, source, createdBy, ...times, state: 'active' } };
  }

  #holder(): string | null {
    const { actor } = this.current;
    return actor.type === 'access_token' ? (actor.id ?? null) : null;
  }

  /** The token may have been revoked since the guard let the request pass. */
  async #refuseEnded(em: SqlEntityManager): Promise<void> {
    const holder = this.#holder();
    if (holder === null) return;
    const held = await em.execute<unknown[]>(HOLD, [holder]);
    if (held.length === 0) throw new TokenUnusable();
  }

  #refuseWider(scopes: readonly string[]): void {
    const { actor } = this.current;
    if (actor.type !== 'access_token') return;
    const missing = missingScopes(actor.scopes ?? [], scopes);
    if (missing.length === 0) return;
    this.audit.refused('access_token.created', 'access_token');
    throw new InsufficientScope(missing);
  }
}

function checkedName(text: string): string {
  const name = text.trim();
  if (name === '' || [...name].length > LONGEST_NAME || /\p{Cc}/u.test(name) || !name.isWellFormed()) {
    throw new TokenFieldInvalid('name', `must be 1 to ${LONGEST_NAME} characters on one line`);
  }
  return name;
}

function checkedScopes(scopes: readonly string[], known: ScopeNames): string[] {
  if (scopes.length === 0 || !scopes.every((scope) => known.has(scope))) {
    throw new TokenFieldInvalid('scopes', `must list at least one of: ${known.all.join(', ')}`);
  }
  return [...new Set(scopes)];
}
