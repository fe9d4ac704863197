import { Injectable } from '@nestjs/common';
import { handOverIsOpen } from '../../../identity/sql.js';
import { Database } from '../../../platform/database/index.js';

/** Index: identity_pkey. */
const NOTE = `
  UPDATE identity SET hand_over_tried_at = clock_timestamp() WHERE id = $1::uuid AND ${handOverIsOpen('identity')}`;

/** Keeps that somebody had an older credential right while the account was being recovered: the person recovering it is told. */
@Injectable()
export class NoteOldProof {
  constructor(private readonly db: Database) {}

  async run(identityId: string): Promise<void> {
    await this.db.statement('note_old_proof', NOTE, [identityId]);
  }
}
