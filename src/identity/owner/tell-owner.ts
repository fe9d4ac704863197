import type { SqlEntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { type Notice, Notices } from '../../courier/index.js';
import { execute } from '../persistence/execute.js';
import { toldMailboxesOf } from '../sql.js';

/** Index: identity_pkey, recovery_address_identity, verifiable_address_identity, address_history_unique. */
const MAILBOXES = `
  SELECT mailbox.value, mailbox.known, identity.traits FROM identity CROSS JOIN LATERAL ${toldMailboxesOf('identity.id')} AS mailbox
  WHERE identity.id = ?`;
/** Values: identity, addresses. */
const TOLD = `
  UPDATE address_history SET told_at = clock_timestamp()
  WHERE identity_id = ? AND value IN (SELECT value FROM jsonb_array_elements_text(?::jsonb) AS given (value))`;

/**
 * Tells the person about every change of what lets someone in, at addresses known to be theirs. Runs in the transaction
 * of the change; if addresses change, call it before they do.
 */
@Injectable()
export class TellOwner {
  constructor(private readonly notices: Notices) {}

  /** @param except addresses that get another message */
  async run(em: SqlEntityManager, identityId: string, notice: Notice, except: readonly string[] = []): Promise<void> {
    if (!this.notices.on) return;
    const rows = await execute<{ value: string; known: boolean; traits: unknown }>(em, MAILBOXES, [identityId]);
    const told = rows.filter(({ value }) => !except.includes(value));
    const [first] = told;
    if (first === undefined) return;
    const addresses = told.map(({ value }) => value);
    await this.notices.tell(em, { identityId, addresses, traits: first.traits }, notice);
    const once = told.filter(({ known }) => !known).map(({ value }) => value);
    if (once.length > 0) await execute(em, TOLD, [identityId, JSON.stringify(once)]);
  }
}
