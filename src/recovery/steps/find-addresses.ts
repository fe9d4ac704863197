import { Injectable } from '@nestjs/common';
import { recoveryAddressRow } from '../../identity/sql.js';
import { Database } from '../../platform/database/index.js';

const named = recoveryAddressRow('named');
const others = recoveryAddressRow('others');

/** $1 normalised, of any kind. Index: recovery_address_unique, recovery_address_identity. */
const ADDRESSES = `
  SELECT ${others.value} FROM ${named.from} JOIN ${others.from} ON ${others.identity_id} = ${named.identity_id}
  WHERE ${named.via} IN ('email', 'sms') AND ${named.normalized} = $1::text AND ${others.via} = 'email'
  ORDER BY ${others.value} COLLATE "C"`;

/** The e-mail addresses of whoever has the one that is named: no message goes anywhere else. */
@Injectable()
export class FindAddresses {
  constructor(private readonly db: Database) {}

  async run(normalized: string): Promise<string[]> {
    const rows = await this.db.statement<{ value: string }>('find_recovery_addresses', ADDRESSES, [normalized]);
    return rows.map(({ value }) => value);
  }
}
