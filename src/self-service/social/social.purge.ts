import { Injectable } from '@nestjs/common';
import { Database, endedRows, type Purgeable, type PurgeableSource } from '../../platform/database/index.js';

/** Purges finished and expired attempts. */
@Injectable()
export class SocialPurge implements PurgeableSource {
  constructor(private readonly db: Database) {}

  purgeables(): readonly Purgeable[] {
    return [endedRows(this.db, { name: 'social sign-in states', table: 'social_sign_in_state', ended: 'expires_at' })];
  }
}
