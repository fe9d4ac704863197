import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { takeDailyTurn, type Task } from '../../platform/cron/index.js';
import { Database } from '../../platform/database/index.js';
import { LOGGER } from '../../platform/http/index.js';
import { isStranded } from '../sql.js';

/**
 * A row for whoever is to say it today: one node a day, whenever that day's first look finds somebody.
 * Index: identity_contained, recovery_grant_identity, daily_task_pkey.
 */
const TAKE_TURN = `
  WITH stranded_ AS (SELECT count(*)::integer AS count FROM identity WHERE contained_at IS NOT NULL AND ${isStranded('identity')}),
  turn_ AS (${takeDailyTurn({ name: `'warn_contained'`, from: 'stranded_', where: 'count > 0' })})
  SELECT count FROM stranded_, turn_`;

/** Tells the operator once a day how many contained accounts nobody can get back into. */
@Injectable()
export class WarnContained implements Task {
  readonly name = 'warn of contained identities';
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
  'contained identities have no recovery link or code that works: issue one for each of ' +
  'GET /admin/identities?contained=without_grant, or lift the containment';
