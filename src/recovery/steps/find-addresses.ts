import { Injectable } from '@nestjs/common';
import { RegainConfig } from '../../config/index.js';
import { recoveryAddressRow, recoveryMailboxes } from '../../identity/sql.js';
import { Database } from '../../platform/database/index.js';

const phone = recoveryAddressRow('phone');
const mailboxes = (where: string): string => recoveryMailboxes(where, '$2::double precision');
const getsSecrets = (mailbox: string): string => `${mailbox}.works_from IS NULL AND NOT ${mailbox}.suspended`;

/**
 * $1: normalized address of any kind, $2: seconds of `regain.recovery.address_min_age`. Index: recovery_address_unique,
 * recovery_address_identity, address_history_kept, address_history_unique.
 */
const ADDRESSES = `
  SELECT other.value FROM (
    SELECT mailbox.identity_id FROM ${mailboxes('address.normalized = $1::text')} AS mailbox WHERE ${getsSecrets('mailbox')}
    UNION
    SELECT ${phone.identity_id} FROM ${phone.from}
    WHERE ${phone.via} = 'sms' AND ${phone.normalized} = $1::text AND ${phone.suspended_at} IS NULL) AS named
  CROSS JOIN LATERAL ${mailboxes('address.identity_id = named.identity_id')} AS other
  WHERE ${getsSecrets('other')} GROUP BY other.value ORDER BY other.value COLLATE "C"`;

/**
 * The e-mail addresses that could receive a code, for the account with the entered address. Suspended and too young
 * addresses neither find an account nor are listed.
 */
@Injectable()
export class FindAddresses {
  constructor(
    private readonly db: Database,
    private readonly regain: RegainConfig,
  ) {}

  async run(normalized: string): Promise<string[]> {
    const values = [normalized, this.regain.recovery.address_min_age.seconds];
    const rows = await this.db.statement<{ value: string }>('find_recovery_addresses', ADDRESSES, values);
    return rows.map(({ value }) => value);
  }
}
