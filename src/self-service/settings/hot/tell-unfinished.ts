import { Injectable } from '@nestjs/common';
import { Notices } from '../../../courier/index.js';
import { insertNotices } from '../../../courier/sql.js';
import { noteTold, takeUnfinishedHandOvers, toldMailboxesOf } from '../../../identity/sql.js';
import { EVERY_MINUTE, type Task } from '../../../platform/cron/index.js';
import { Database, named } from '../../../platform/database/index.js';
import { Random } from '../../../platform/random/index.js';
import { deviceOf } from '../../../session/sql.js';

/** Hand-overs per statement. */
const BITE = 100;

const UNFINISHED = takeUnfinishedHandOvers({ name: 'unfinished_', limit: String(BITE) });

const TELL = named(
  'tell_unfinished_recoveries',
  `WITH ${UNFINISHED},
  told_ AS (
    SELECT unfinished_.id AS identity_id, mailbox.value, mailbox.known, jsonb_strip_nulls(jsonb_build_object(
      'at', to_char(opened_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'userAgent', ${deviceOf('unfinished_.session_id')},
      'contained', nullif(contained, false), 'localeWish', left(traits #>> :locale_path::text[], 100))) AS data
    FROM unfinished_ CROSS JOIN LATERAL ${toldMailboxesOf('unfinished_.id')} AS mailbox),
  once_ AS (${noteTold({ from: 'told_', where: 'NOT told_.known', identityId: 'told_.identity_id', value: 'told_.value' })}),
  ${insertNotices({
    name: 'notice_',
    from: 'told_',
    identityId: 'told_.identity_id',
    id: 'gen_random_uuid()',
    templateType: `'recovery_unfinished'`,
    recipient: 'told_.value',
    data: 'told_.data',
    correlationId: ':correlation_id',
  })}
  SELECT count(*)::integer AS found FROM unfinished_`,
);

/** Used while notices are off: marks unfinished hand-overs, so that nobody is notified of them later either. */
const PASS_OVER = named(
  'pass_over_unfinished_recoveries',
  `WITH ${UNFINISHED} SELECT count(*)::integer AS found FROM unfinished_`,
);

/**
 * HOT: runs on every node, every minute, and after every cancelled hand-over.
 * Invariant: one notice per hand-over that ended without a new credential. The same statement writes the mark and the
 * messages, so a node that dies leaves both or neither.
 * Index: identity_hand_over_untold, session_device_session.
 * Guarded by: tell-unfinished.race.spec.ts
 */
@Injectable()
export class TellUnfinished implements Task {
  readonly name = 'tell of unfinished recoveries';
  readonly schedule = EVERY_MINUTE;

  constructor(
    private readonly db: Database,
    private readonly notices: Notices,
    private readonly random: Random,
  ) {}

  async run(): Promise<void> {
    for (;;) if ((await this.some()) < BITE) return;
  }

  /** Runs one statement, so that requests don't wait for a backlog. Resolves to the number of hand-overs it handled. */
  async some(): Promise<number> {
    const values = { locale_path: this.notices.recovered().localePath, correlation_id: this.random.uuid() };
    const [row] = await this.db.run<{ found: number }>(this.notices.on ? TELL : PASS_OVER, values);
    return row?.found ?? 0;
  }
}
