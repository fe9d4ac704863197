import type { SqlEntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { type Notice, Notices } from '../../courier/index.js';
import { execute } from '../persistence/execute.js';
import { mailboxesOf } from '../sql.js';

/** Index: identity_pkey, recovery_address_identity, verifiable_address_identity. */
const MAILBOXES = `
  SELECT mailbox.value, identity.traits FROM identity CROSS JOIN LATERAL ${mailboxesOf('identity.id')} AS mailbox
  WHERE identity.id = ?`;

/**
 * Part of every change of what lets a person in, in its transaction: the person is told, at every address that the identity has
 * at that moment. Where addresses change, call it before.
 */
@Injectable()
export class TellOwner {
  constructor(private readonly notices: Notices) {}

  /** @param except addresses that are told otherwise */
  async run(em: SqlEntityManager, identityId: string, notice: Notice, except: readonly string[] = []): Promise<void> {
    if (!this.notices.on) return;
    const rows = await execute<{ value: string; traits: unknown }>(em, MAILBOXES, [identityId]);
    const mailboxes = rows.map(({ value }) => value).filter((value) => !except.includes(value));
    if (rows[0] && mailboxes.length > 0) await this.notices.tell(em, mailboxes, rows[0].traits, notice);
  }
}
