import { Injectable } from '@nestjs/common';
import { noteOldProof } from '../../../identity/sql.js';
import { Database } from '../../../platform/database/index.js';

/** Index: identity_pkey. */
const NOTE = noteOldProof('$1::uuid');

/**
 * Records that someone proved an older credential during a recovery, so that the person recovering the account is told.
 */
@Injectable()
export class NoteOldProof {
  constructor(private readonly db: Database) {}

  async run(identityId: string): Promise<void> {
    await this.db.statement('note_old_proof', NOTE, [identityId]);
  }
}
