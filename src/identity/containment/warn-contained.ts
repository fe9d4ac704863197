import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { takeDailyTurn, type Task } from '../../platform/cron/index.js';
import { Database } from '../../platform/database/index.js';
import { LOGGER } from '../../platform/http/index.js';
import { isStranded } from '../sql.js';

/**
 * Returns a row to the node that logs the warning today: one node a day, when the day's first check finds such an
 * identity. Index: identity_contained, recovery_grant_identity, daily_task_pkey.
 */
const TAKE_TURN = `
  WITH stranded_ AS (SELECT count(*)::integer AS count FROM identity WHERE contained_at IS NOT NULL AND ${isStranded('identity')}),
  turn_ AS (${takeDailyTurn({ name: `'warn_contained'`, from: 'stranded_', where: 'count > 0' })})
  SELECT count FROM stranded_, turn_`;

/** Warns the operator once a day how many contained accounts nobody can get back into. */
@Injectable()
export class WarnContained implements Task {
  readonly name = 'warn about contained identities';
  readonly schedule = '*/10 * * * *';

  constructor(
    private readonly db: Database,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async run(): Promise<void> {
    const [found] = await this.db.statement<{ count: number }>('warn_contained', TAKE_TURN, []);
    if (found) this.logger.warn({ identities: found.count }, STRANDED);
  }
}

const STRANDED =
  'contained identities have no working recovery link or code: issue one for each identity listed by ' +
  'GET /admin/identities?contained=without_grant, or lift the containment';
