import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../../../test/support/app.js';
import { handOverPeople, type HandOverPeople } from '../../../test/support/hand-over-people.js';
import { sessionOf } from '../../../test/support/live-sessions.js';
import { mailed } from '../../../test/support/mail.js';
import { EndOthers } from './end-others.js';

let app: TestApp;
let people: HandOverPeople;
beforeAll(async () => {
  app = await startTestApp({ config: mailed('code') });
  people = handOverPeople(app);
});
afterAll(() => app?.stop());

const idOf = async (token: string): Promise<string> => {
  const answer = await app.publicAgent().get('/sessions/whoami').set('x-session-token', token).expect(200);
  return (answer.body as { id: string }).id;
};

/** A session that was live when it was looked up and now ends others. */
async function intruder() {
  const anna = await people.withPassword();
  const session = await idOf((await people.signIn(anna)).token!);
  return { anna, ends: (other?: string) => app.get(EndOthers).run(anna.id, session, other) };
}

test('a session that a redemption has ended cannot end the session which that redemption opened', async () => {
  const { anna, ends } = await intruder();
  const owner = await people.recover(anna, 'code');
  expect(await ends()).toEqual({ kind: 'signed_out' });
  expect(await ends(await idOf(owner.token))).toEqual({ kind: 'signed_out' });
  expect(await people.alive(owner.token)).toBe(true);
});

test.each(['all', 'that one'])('the same with %s while both wait for the identity: 20 rounds', async (which) => {
  for (let round = 0; round < 20; round++) {
    const { anna, ends } = await intruder();
    const before = await sessionOf(app, anna.id);
    const other = which === 'all' ? undefined : await idOf(before);
    const desk = await people.issued(anna, 'code');
    const [owner] = await Promise.all([desk.redeem(), ends(other)]);
    expect([await people.alive(owner!.token), await people.alive(before)]).toEqual([true, false]);
    expect(await owner!.setPassword(`an entirely new pass phrase ${round}`)).toBe(200);
  }
});

test('ends only the named session, only of the same person, and counts those that had ended before', async () => {
  const { anna, ends } = await intruder();
  const stranger = await people.withPassword();
  const [one, two, theirs] = [
    await sessionOf(app, anna.id),
    await sessionOf(app, anna.id),
    await sessionOf(app, stranger.id),
  ];
  expect(await ends(await idOf(one))).toEqual({ kind: 'ended', others: 2 });
  expect(await ends(await idOf(theirs))).toEqual({ kind: 'ended', others: 2 });
  expect(await Promise.all([one, two, theirs].map((token) => people.alive(token)))).toEqual([false, true, true]);
  expect(await ends()).toEqual({ kind: 'ended', others: 2 });
  expect(await Promise.all([two, theirs].map((token) => people.alive(token)))).toEqual([false, true]);
});
