import { Injectable } from '@nestjs/common';
import { Database, endedRows, type Purgeable, type PurgeableSource } from '../platform/database/index.js';

/** Deletes expired sessions; their devices are deleted with them. */
@Injectable()
export class SessionPurge implements PurgeableSource {
  constructor(private readonly db: Database) {}

  purgeables(): readonly Purgeable[] {
    return [endedRows(this.db, { name: 'sessions', table: 'session', ended: 'expires_at' })];
  }
}
