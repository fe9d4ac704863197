import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/index.js';

/** $1: flow, $2: number of guesses that it allows. Index: recovery_flow_pkey. */
const COUNT = `
  UPDATE recovery_flow SET submit_count = submit_count + 1
  WHERE id = $1::uuid AND submit_count < $2::integer AND state = 'sent_email' AND expires_at > clock_timestamp()
  RETURNING submit_count`;

/**
 * HOT: counts every guess of a code before it is compared, in a statement that commits whatever happens next.
 * Invariant: of any number of concurrent guesses, no more are compared than the flow allows.
 * Guarded by: redeem-code.race.spec.ts
 */
@Injectable()
export class CountGuess {
  constructor(private readonly db: Database) {}

  /** Whether the guess may be compared. */
  async run(flowId: string, most: number): Promise<boolean> {
    return (await this.db.statement('count_recovery_guess', COUNT, [flowId, most])).length === 1;
  }
}
