import { Injectable } from '@nestjs/common';
import { Database, endedRows, type Purgeable, type PurgeableSource } from '../../platform/database/index.js';

/** Offers expired login flows for removal. */
@Injectable()
export class LoginPurge implements PurgeableSource {
  constructor(private readonly db: Database) {}

  purgeables(): readonly Purgeable[] {
    return [endedRows(this.db, { name: 'login flows', table: 'login_flow', ended: 'expires_at' })];
  }
}
