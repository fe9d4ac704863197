import { setTimeout } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { PatientJobQueue } from '../../src/platform/job-queue/index.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { freshDatabase } from '../support/database.js';
import { MailServer } from '../support/mail-server.js';
import { writeMessages } from '../support/outbox.js';
import { until } from '../support/until.js';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

async function database(): Promise<string> {
  const { url, drop } = await freshDatabase();
  cleanups.push(drop);
  return url;
}

async function app(databaseUrl: string, config: object, deliver = false): Promise<TestApp> {
  const started = await startTestApp({ databaseUrl, deliver, config });
  cleanups.push(() => started.stop());
  return started;
}

const linesOf = ({ log }: TestApp, about: string): Record<string, unknown>[] =>
  log.map((line) => JSON.parse(line) as Record<string, unknown>).filter(({ msg }) => String(msg).includes(about));

describe('a job queue that does not start', () => {
  test.each([
    [
      'its schema does not exist',
      'JobQueueUnprepared',
      ['ALTER SCHEMA regain_queue RENAME TO elsewhere', 'ALTER SCHEMA elsewhere RENAME TO regain_queue'],
    ],
    [
      'its schema is not accessible',
      '42501',
      ['REVOKE USAGE ON SCHEMA regain_queue FROM CURRENT_USER', 'GRANT USAGE ON SCHEMA regain_queue TO CURRENT_USER'],
    ],
  ] as const)('because %s is retried until it does, and everything else works', async (_, trouble, [take, give]) => {
    const [url, server] = [await database(), await MailServer.start()];
    cleanups.push(() => server.stop());
    const beside = await app(url, {});
    await beside.sql(take);
    const delivering = await app(url, { courier: { smtp: { connection_uri: server.uri } } }, true);
    await delivering.admin().get('/health/ready').expect(200, { status: 'ok' });
    const [line] = await until('a second try', () => {
      const lines = linesOf(delivering, 'the job queue did not start');
      return lines.length > 1 ? lines : undefined;
    });
    expect(line).toMatchObject({ level: 50, trouble, again_in_seconds: 1 });
    expect(line!['msg']).toMatch(/run regain migrate, or grant the user in dsn USAGE on schema regain_queue/);
    await beside.sql(give);
    await writeMessages(beside.sql, ['ada@example.com']);
    await until('the mail', () => server.to('ada@example.com')[0]);
    expect(linesOf(delivering, 'the job queue has started')).toHaveLength(1);
  });

  test('is not retried once the server stops', async () => {
    const failures: unknown[] = [];
    const queue = new PatientJobQueue({
      url: 'postgres://nobody@127.0.0.1:1/none',
      onTrouble: () => undefined,
      begin: () => Promise.resolve(),
      onFailure: (...said) => void failures.push(said),
      onRecovery: () => void failures.push('recovered'),
    });
    await queue.start();
    await until('more tries', () => failures.length > 1 || undefined);
    await queue.stop(1_000);
    const before = failures.length;
    await setTimeout(2_500);
    expect(failures.slice(0, 2)).toEqual([
      ['ECONNREFUSED', 1],
      ['ECONNREFUSED', 2],
    ]);
    expect(failures).toHaveLength(before);
  });

  test('is restarted if its work could not begin: nothing of the first attempt continues', async () => {
    const url = await database();
    const { sql } = await app(url, {});
    const worked: string[] = [];
    let tries = 0;
    const queue = new PatientJobQueue({
      url,
      onTrouble: () => undefined,
      begin: async (each) => {
        const which = `try ${++tries}`;
        const work = (ids: string[]): Promise<void> => Promise.resolve(void worked.push(...ids.map(() => which)));
        await each.work({ queue: 'courier', concurrency: 1, batch: 1, work });
        if (tries === 1) throw new Error('no');
      },
      onFailure: () => undefined,
      onRecovery: () => undefined,
    });
    await queue.start();
    await until('the second try', () => (tries === 2 ? true : undefined));
    await sql(`INSERT INTO regain_queue.job (name, data) SELECT 'courier', '{"id": "1"}' FROM generate_series(1, 5)`);
    await until('the work', () => (worked.length === 5 ? true : undefined));
    await queue.stop(1_000);
    expect(new Set(worked)).toEqual(new Set(['try 2']));
  });
});

describe('messages encrypted with a removed secret', () => {
  test('are reported once at start, with their number and key ids and nothing else', async () => {
    const [url, server] = [await database(), await MailServer.start()];
    cleanups.push(() => server.stop());
    const { sql } = await app(url, {});
    const [lost, sent] = await writeMessages(sql, ['a@example.com', 'b@example.com', 'c@example.com']);
    await sql(`UPDATE courier_message SET due_at = clock_timestamp() + interval '1 hour'`);
    await sql(`UPDATE courier_message SET key_id = 'deadbeef' WHERE id = ANY ($1)`, [[lost!.id, sent!.id]]);
    await sql(`UPDATE courier_message SET status = 'sent' WHERE id = $1`, [sent!.id]);
    const delivering = await app(url, { courier: { smtp: { connection_uri: server.uri } } }, true);
    expect(linesOf(delivering, 'cannot be sent')).toMatchObject([{ level: 40, messages: 1, key_ids: ['deadbeef'] }]);
    await sql(`DELETE FROM courier_message WHERE key_id = 'deadbeef'`);
    const other = await app(url, { courier: { smtp: { connection_uri: server.uri } } }, true);
    expect(linesOf(other, 'cannot be sent')).toEqual([]);
  });
});
