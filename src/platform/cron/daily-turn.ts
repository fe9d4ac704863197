interface Turn {
  /** name of the task, as a quoted SQL literal */
  name: string;
  /** SQL for the source of the row; no row, no turn */
  from: string;
  /** default: every row of `from` */
  where?: string;
}

/**
 * SQL that returns `name` to one node per day across all nodes, and nothing to the others. Every field is an SQL
 * expression.
 * Index: daily_task_pkey.
 */
export function takeDailyTurn({ name, from, where = 'true' }: Turn): string {
  return `INSERT INTO daily_task AS task (name, done_at) SELECT ${name}, clock_timestamp() FROM ${from} WHERE ${where}
    ON CONFLICT (name) DO UPDATE SET done_at = excluded.done_at WHERE task.done_at <= clock_timestamp() - interval '24 hours'
    RETURNING name`;
}
