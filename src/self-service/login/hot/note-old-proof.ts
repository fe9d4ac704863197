import { Injectable } from '@nestjs/common';
import { noteOldProof } from '../../../identity/sql.js';
import { Database } from '../../../platform/database/index.js';

/** Index: identity_pkey. */
const NOTE = noteOldProof('$1::uuid');

/** Keeps that somebody had an older credential right while the account was being recovered: the person recovering it is told. */
@Injectable()
export class NoteOldProof {
  constructor(private readonly db: Database) {}

  async run(identityId: string): Promise<void> {
    await this.db.statement('note_old_proof', NOTE, [identityId]);
  }
}
