import { Injectable } from '@nestjs/common';
import { Database, endedRows, type Purgeable, type PurgeableSource } from '../platform/database/index.js';

/** Messages go by age alone: whatever one holds has expired long before. Index: courier_message_created_at. */
@Injectable()
export class CourierPurge implements PurgeableSource {
  constructor(private readonly db: Database) {}

  purgeables(): readonly Purgeable[] {
    return [endedRows(this.db, { name: 'courier messages', table: 'courier_message', ended: 'created_at' })];
  }
}
