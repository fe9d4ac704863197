import type { SqlEntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { Notices } from '../../courier/index.js';
import { CurrentRequest, InsufficientScope } from '../../platform/http/index.js';
import { digest } from '../../platform/keys/index.js';
import { Random } from '../../platform/random/index.js';
import { AddressesHandedOver } from '../identity.errors.js';
import type { IdentityView } from '../identity.view.js';
import type { TraitRows } from '../identifiers/trait-rows.js';
import { TellOwner } from '../owner/tell-owner.js';
import { execute } from '../persistence/execute.js';
import { recoveryMailboxes } from '../sql.js';
import { addressesOf, diffOf, getsSecrets } from './address-diff.js';
import { AddressHistory } from './address-history.js';

/** Value: identity. Index: identity_pkey. */
const HANDED_OVER = `
  SELECT 1 FROM identity WHERE id = ? AND (hand_over_until > clock_timestamp() OR contained_at IS NOT NULL)`;

/** Length in characters of an undo link's token: 190 bits. */
const TOKEN_LENGTH = 32;

/** Value: identity. The mailboxes that its links and codes go to now. */
const OF_AGE = (minAge: number): string => `
  SELECT DISTINCT mailbox.value FROM ${recoveryMailboxes('TRUE', String(minAge))} AS mailbox
  WHERE mailbox.identity_id = ? AND mailbox.works_from IS NULL`;

/**
 * Values: identity, digest, seconds, seconds. While an earlier change can still be undone, its link also undoes this
 * one and restores the state before the first change.
 */
const REMEMBER = `
  INSERT INTO address_change AS c (identity_id, digest, schema_id, traits)
  SELECT identity.id, given_.digest, identity.schema_id, identity.traits
  FROM identity, (SELECT ?::uuid AS id, decode(?, 'hex') AS digest) AS given_ WHERE identity.id = given_.id
  ON CONFLICT (identity_id) DO UPDATE SET changed_at = excluded.changed_at, undone_at = NULL,
    digest = CASE WHEN c.undone_at IS NULL AND c.changed_at > clock_timestamp() - make_interval(secs => ?::float8) THEN c.digest ELSE excluded.digest END,
    schema_id = CASE WHEN c.undone_at IS NULL AND c.changed_at > clock_timestamp() - make_interval(secs => ?::float8) THEN c.schema_id ELSE excluded.schema_id END,
    traits = CASE WHEN c.undone_at IS NULL AND c.changed_at > clock_timestamp() - make_interval(secs => ?::float8) THEN c.traits ELSE excluded.traits END
  RETURNING encode(digest, 'hex') AS digest`;

/**
 * Surrounds every change of an identity's addresses: tells the owner and records how old each address is. Call it
 * before the addresses change, with the identity's row locked.
 */
@Injectable()
export class AddressChanges {
  constructor(
    private readonly history: AddressHistory,
    private readonly tellOwner: TellOwner,
    private readonly notices: Notices,
    private readonly current: CurrentRequest,
    private readonly random: Random,
  ) {}

  /** A change by the person, in a session that is allowed to make it. */
  async byPerson(em: SqlEntityManager, before: IdentityView, rows: TraitRows): Promise<void> {
    await this.tellOwner.run(em, before.id, { type: 'address_changed' });
    await this.history.record(em, before.id, diffOf(addressesOf(before), rows), 'trusted');
  }

  /**
   * A change by an administrator. If the token may not write credentials, the addresses that it adds get no secret
   * until they come of age. Until then the previous addresses keep working, and their holder can undo the change.
   * @throws InsufficientScope if such a token adds an address and nobody could undo the change
   * @throws AddressesHandedOver while the account is being recovered or is contained
   */
  async byAdministrator(em: SqlEntityManager, before: IdentityView, rows: TraitRows): Promise<void> {
    const diff = diffOf(addressesOf(before), rows);
    const guarded = this.history.minAge > 0 && !this.current.may('credentials:write');
    const matters = guarded && [...diff.added, ...diff.removed].some(getsSecrets);
    if (matters && (await execute(em, HANDED_OVER, [before.id])).length > 0) throw new AddressesHandedOver();
    const offered = matters ? await this.#offerUndo(em, before, diff.added.some(getsSecrets)) : [];
    await this.tellOwner.run(em, before.id, { type: 'address_changed' }, offered);
    await this.history.record(em, before.id, diff, guarded ? 'token' : 'trusted');
  }

  /** Resolves to the addresses that were offered an undo link by this change. */
  async #offerUndo(em: SqlEntityManager, { id, traits }: IdentityView, brings: boolean): Promise<string[]> {
    const { minAge } = this.history;
    const ofAge = (await execute<{ value: string }>(em, OF_AGE(minAge), [id])).map(({ value }) => value);
    if (ofAge.length === 0) {
      if (brings) throw new InsufficientScope(['credentials:write']);
      return [];
    }
    if (!this.notices.offersUndo) return [];
    const token = this.random.base62(TOKEN_LENGTH);
    const given = digest(token).toString('hex');
    const [kept] = await execute<{ digest: string }>(em, REMEMBER, [id, given, minAge, minAge, minAge]);
    if (kept?.digest !== given) return [];
    await this.notices.offerUndo(em, ofAge, traits, { token, worksFor: minAge / 60 });
    return ofAge;
  }
}
