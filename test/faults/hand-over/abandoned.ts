import { setTimeout } from 'node:timers/promises';
import { expect } from 'vitest';
import { Acts } from './acts.js';
import { type Person, rounds, type Stage } from './stage.js';
import { endOf, NEW, standingOf } from './standing.js';

/** Stage options for this: a hand-over stays open for three seconds, a session is privileged for longer. */
export const SHORT = { recovery: { hand_over_limits: { min: '1s', max: '3s' } } };
const BEING_RECOVERED = 4_019_001;
const CONTAINED = 4_019_002;
const AT_ONCE = 8;
/** Milliseconds within which older credentials must work again. */
const SOON = 1_000;
/** Seconds. */
const DAY = 86_400;
const TEN_MINUTES = 600;

const ENDS = [
  'cancelled',
  'cancelled by an administrator',
  'signed out',
  'session ended by an administrator',
  'window over',
] as const;
type End = (typeof ENDS)[number];

/**
 * Recoveries that are started and not finished. Older credentials open the account immediately after a cancellation, otherwise
 * when the hand-over ends, and change nothing for a day. Contained accounts stay closed. Resolves to the figures, for the reader.
 */
export async function abandon(stage: Stage, count: number): Promise<string> {
  const acts = new Acts(stage);
  const people = await stage.people(count);
  const waited = await rounds(people, AT_ONCE, async (person, at) => {
    const end = ENDS[at % ENDS.length]!;
    if (at % 4 === 3) return stayContained(stage, acts, person, end);
    return giveUp(stage, acts, person, end);
  });
  const longest = Math.round(Math.max(...waited));
  return `${count} recoveries abandoned: older credentials worked ${longest} ms after the end at the latest, and changed nothing; contained ones stayed closed`;
}

async function giveUp(stage: Stage, acts: Acts, person: Person, end: End): Promise<number> {
  const owner = await (await acts.deskCode(stage.node, person))();
  const refused = await acts.signIn(stage.node, person);
  if (refused.answered < (await endOf(stage, person)).from) expect(refused.says, end).toEqual([BEING_RECOVERED]);
  await finish(stage, acts, person, owner.token!, end);
  const waited = await signsInAgain(stage, acts, person, await endOf(stage, person), 'password');
  const { token } = await acts.signInThere(stage.node, person);
  expect(token, end).toBeDefined();
  await changesNothing(stage, acts, person, token!);
  await aDayLater(stage, acts, person);
  return waited;
}

/**
 * Tries the older credential until it opens a session: not before the hand-over ends, and at most a second later. Resolves to the
 * milliseconds in between.
 */
export async function signsInAgain(
  stage: Stage,
  acts: Acts,
  person: Person,
  { from, to }: { from: number; to: number },
  way: 'password' | 'account',
): Promise<number> {
  for (;;) {
    const press = await (way === 'password'
      ? acts.loginForm(stage.node, person)
      : acts.backFromProvider(stage.node, person));
    const { sent, answered, token } = await press();
    if (token !== undefined) {
      expect(answered).toBeGreaterThan(from);
      return Math.max(0, sent - to);
    }
    if (sent > to + SOON) throw new Error(`the older ${way} opened nothing in time`);
    await setTimeout(20);
  }
}

/** Credentials, addresses, connections and other sessions stay the same. */
async function changesNothing(stage: Stage, acts: Acts, person: Person, token: string): Promise<void> {
  const before = await picture(stage, person);
  const { body } = await acts.sessions(stage.node, token);
  const other = (body as unknown as { id: string }[])[0]?.id;
  const refused = [
    await acts.setPassword(stage.node, token, NEW),
    await acts.change(stage.node, token, { method: 'profile', traits: { email: `moved.${person.email}` } }),
    await acts.change(stage.node, token, { unlink: 'acme' }),
    await acts.endOthers(stage.node, token),
    await acts.endOther(stage.node, token, other!),
  ];
  expect(refused.map(({ status }) => status)).toEqual([400, 400, 400, 403, 403]);
  expect(await picture(stage, person)).toEqual(before);
}

async function aDayLater(stage: Stage, acts: Acts, person: Person): Promise<void> {
  const { token } = await acts.signIn(stage.node, person);
  const age = (seconds: number) =>
    stage.sql(`UPDATE identity SET hand_over_until = hand_over_until - make_interval(secs => $2) WHERE id = $1`, [
      person.id,
      seconds,
    ]);
  await age(DAY - TEN_MINUTES);
  expect((await acts.setPassword(stage.node, token!, NEW)).status).toBe(400);
  await age(TEN_MINUTES);
  expect((await acts.setPassword(stage.node, token!, NEW)).status).toBe(200);
  expect((await acts.signIn(stage.node, person, NEW)).token).toBeDefined();
}

async function stayContained(stage: Stage, acts: Acts, person: Person, end: End): Promise<number> {
  const owner = await (await acts.deskCode(stage.node, person, { contain: true }))();
  expect(owner.token).toBeDefined();
  await finish(stage, acts, person, owner.token!, end);
  if (!end.startsWith('cancelled')) await setTimeout(Math.max(0, (await endOf(stage, person)).to - performance.now()));
  expect(await acts.alive(stage.node, owner.token)).toBe(false);
  expect((await acts.signIn(stage.node, person)).says, end).toEqual([CONTAINED]);
  expect((await acts.signInThere(stage.node, person)).token, end).toBeUndefined();
  expect((await (await acts.mailedCode(stage.node, person))()).token, end).toBeUndefined();
  expect((await standingOf(stage, person)).live).toBeNull();
  const anew = await (await acts.deskLink(stage.node, person))();
  expect((await acts.setPassword(stage.node, anew.token!, NEW)).status).toBe(200);
  return 0;
}

async function finish(stage: Stage, acts: Acts, { id }: Person, token: string, end: End): Promise<void> {
  switch (end) {
    case 'cancelled':
      return expect((await acts.cancel(stage.node, token)).status).toBe(200);
    case 'cancelled by an administrator':
      return void (await stage.node.admin('DELETE', `/admin/identities/${id}/hand-over`, 204));
    case 'signed out':
      return expect((await acts.signOut(stage.node, token)).status).toBe(204);
    case 'session ended by an administrator': {
      const { body } = await acts.whoami(stage.node, token);
      return void (await stage.node.admin('DELETE', `/admin/sessions/${body.id}`, 204));
    }
    case 'window over':
      return undefined;
  }
}

const PICTURE = `
  SELECT traits, (SELECT json_agg(c.config ORDER BY c.type) FROM identity_credential c WHERE c.identity_id = i.id) AS credentials,
    (SELECT json_agg(n.normalized ORDER BY n.normalized) FROM credential_identifier n WHERE n.identity_id = i.id) AS names,
    (SELECT json_agg(a.value) FROM recovery_address a WHERE a.identity_id = i.id) AS addresses,
    (SELECT json_agg(s.id ORDER BY s.id) FROM session s WHERE s.identity_id = i.id AND s.active) AS sessions
  FROM identity i WHERE i.id = $1`;

async function picture(stage: Stage, { id }: Person): Promise<object> {
  return (await stage.sql(PICTURE, [id]))[0]!;
}
