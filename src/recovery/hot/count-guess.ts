import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/index.js';

/** $1 flow, $2 guesses that it bears. Index: recovery_flow_pkey. */
const COUNT = `
  UPDATE recovery_flow SET submit_count = submit_count + 1
  WHERE id = $1::uuid AND submit_count < $2::integer AND state = 'sent_email' AND expires_at > clock_timestamp()
  RETURNING submit_count`;

/**
 * HOT: every guess of a code is counted here before it is looked at, in a statement that stands whatever happens next.
 * Invariant: of any number of guesses at once, no more than the flow bears are compared.
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
