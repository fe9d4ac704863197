import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { IdentityService } from '../../src/identity/index.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { person, signIn } from '../support/sign-in.js';

/** One server that extends at any time, and one with a window of an hour before the end. */
let anytime: TestApp;
let window: TestApp;
/** The same with `feature_flags.faster_session_extend`. */
let silent: TestApp;
beforeAll(async () => {
  anytime = await startTestApp();
  window = await startTestApp({
    databaseUrl: anytime.databaseUrl,
    config: { session: { earliest_possible_extend: '1h' } },
  });
  silent = await startTestApp({
    databaseUrl: anytime.databaseUrl,
    config: { session: { earliest_possible_extend: '1h' }, feature_flags: { faster_session_extend: true } },
  });
});
afterAll(async () => {
  await silent?.stop();
  await window?.stop();
  await anytime?.stop();
});

const MISSING = { error: { code: 404, status: 'Not Found', message: 'Unable to locate the resource' } };

interface Session {
  readonly id: string;
  readonly token: string;
  readonly identityId: string;
}

/** A session with this much time left. */
async function sessionWith(left: string): Promise<Session> {
  const anna = await person(anytime);
  const token = await signIn(anytime, anna);
  const [row] = await anytime.sql<{ id: string }>(
    `UPDATE session SET expires_at = clock_timestamp() + $2::interval WHERE identity_id = $1 RETURNING id`,
    [anna.id, left],
  );
  return { id: row!.id, token, identityId: anna.id };
}

const extend = (app: TestApp, id: string) => app.admin().patch(`/admin/sessions/${id}/extend`);
const minutesLeft = async ({ id }: Session): Promise<number> => {
  const [row] = await anytime.sql<{ left: string }>(
    'SELECT round(extract(epoch FROM expires_at - clock_timestamp()) / 60) AS left FROM session WHERE id = $1',
    [id],
  );
  return Number(row!.left);
};
const events = async ({ identityId }: Session) =>
  (await anytime.sql(`SELECT 1 FROM audit_event WHERE action = 'session.extended' AND target_id = $1`, [identityId]))
    .length;

describe('PATCH /admin/sessions/{id}/extend', () => {
  test('extends by a full lifespan from now, and shows the session', async () => {
    const session = await sessionWith('5 hours');
    const { status, body } = await extend(anytime, session.id);
    expect(status).toBe(200);
    expect(body).toMatchObject({ id: session.id, active: true, identity: { id: session.identityId }, devices: [] });
    expect(await minutesLeft(session)).toBe(24 * 60);
    expect(await events(session)).toBe(1);
  });

  test('never shortens a session', async () => {
    const session = await sessionWith('48 hours');
    expect((await extend(anytime, session.id)).status).toBe(200);
    expect(await minutesLeft(session)).toBe(48 * 60);
  });

  test.each([
    ['61 minutes', 61, 0],
    ['59 minutes', 24 * 60, 1],
  ])('with a window of an hour, %s before its end leaves %d minutes', async (left, minutes, count) => {
    const session = await sessionWith(left);
    const { status, body } = await extend(window, session.id);
    expect([status, (body as Session).id]).toEqual([200, session.id]);
    expect([await minutesLeft(session), await events(session)]).toEqual([minutes, count]);
  });

  test.each(['b0000000-0000-4000-8000-00000000000b'])('%s is not found', async (id) => {
    const { status, body } = await extend(anytime, id);
    expect([status, body]).toEqual([404, MISSING]);
  });

  /** Extending an expired row would make its token work again. */
  test.each([
    ['expired', async (_: Session) => undefined],
    ['revoked', async ({ id }: Session) => anytime.admin().delete(`/admin/sessions/${id}`)],
    ['of an inactive identity', async (s: Session) => anytime.get(IdentityService).setState(s.identityId, 'inactive')],
  ])('revives no session that is %s', async (name, end) => {
    const session = await sessionWith(name === 'expired' ? '-1 second' : '1 hour');
    await end(session);
    const before = await minutesLeft(session);
    const { status, body } = await extend(anytime, session.id);
    expect([status, body]).toEqual([404, MISSING]);
    expect([await minutesLeft(session), await events(session)]).toEqual([before, 0]);
    const whoami = await anytime.publicAgent().get('/sessions/whoami').set('x-session-token', session.token);
    expect(whoami.status).toBe(401);
  });

  test('concurrent requests extend it without a failure', async () => {
    const session = await sessionWith('5 hours');
    const answers = await Promise.all(Array.from({ length: 8 }, () => extend(anytime, session.id)));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 200));
  });

  test.each([
    ['is due', '59 minutes', 24 * 60, 1],
    ['is not due yet', '61 minutes', 61, 0],
  ])('with feature_flags.faster_session_extend, one that %s is answered 204', async (_, left, minutes, count) => {
    const session = await sessionWith(left);
    const { status, text } = await extend(silent, session.id);
    expect([status, text]).toEqual([204, '']);
    expect([await minutesLeft(session), await events(session)]).toEqual([minutes, count]);
  });

  test('with feature_flags.faster_session_extend, an ended or unknown one is still missing', async () => {
    const { id } = await sessionWith('-1 second');
    for (const each of [id, 'b0000000-0000-4000-8000-00000000000b']) {
      const { status, body } = await extend(silent, each);
      expect([status, body]).toEqual([404, MISSING]);
    }
  });
});
