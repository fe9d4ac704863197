import { setTimeout } from 'node:timers/promises';
import { expect } from 'vitest';
import { isLive } from '../../../src/session/sql.js';
import { Acts, type Done } from './acts.js';
import { Attacker, type Try, type Way } from './attacker.js';
import { type Person, rounds, type Stage } from './stage.js';

const NEW = 'an entirely new pass phrase 1';
const WAYS: Way[] = ['password', 'account', 'code', 'session', 'settings', 'end others', 'refresh', 'extend'];
const AT_ONCE = 4;
/** Milliseconds that the attacker continues after the new password. */
const AFTERWARDS = 150;

/** Live sessions, the epoch, and whether anything is still open. */
const STANDING = `
  SELECT access_epoch AS epoch, hand_over_until IS NOT NULL AS open,
    (SELECT json_agg(s.id) FROM session s WHERE s.identity_id = i.id AND ${isLive('s', 'i')}) AS live,
    (SELECT count(*)::int FROM credential_identifier c WHERE c.identity_id = i.id AND c.type = 'oidc' AND c.suspended_at IS NULL) AS accounts
  FROM identity i WHERE i.id = $1`;

interface Standing {
  epoch: number;
  open: boolean;
  live: string[] | null;
  accounts: number;
}

interface Round {
  tries: readonly Try[];
  /** of those, the ones sent after the redemption was answered */
  after: number;
  links: number;
  redeemed: number;
  saved: number;
}

/**
 * Someone who is in the account, or has a way into it, tries everything on two nodes while its owner redeems an
 * administrator's link or code and sets a password. Resolves to the figures, for the reader.
 */
export async function raceHandOvers(stage: Stage, count: number): Promise<string> {
  const acts = new Acts(stage);
  const people = await stage.people(count);
  const all = await rounds(people, AT_ONCE, (person, at) => race(stage, acts, person, at));
  const total = (of: (round: Round) => number): number => all.reduce((sum, round) => sum + of(round), 0);
  const most = (of: (round: Round) => number): number => Math.round(Math.max(...all.map(of)));
  return (
    `${count} rounds on two processes: ${total(({ tries }) => tries.filter(({ opened }) => opened).length)} tries opened the account before the redemption, ` +
    `${total(({ after }) => after)} after it and none opened; ${total(({ links }) => links)} links and codes, ` +
    `slowest redemption ${most(({ redeemed }) => redeemed)} ms, slowest new password ${most(({ saved }) => saved)} ms`
  );
}

async function race(stage: Stage, acts: Acts, person: Person, at: number): Promise<Round> {
  const [here, there] = at % 2 === 0 ? stage.nodes : stage.nodes.toReversed();
  const attacker = await Attacker.of(stage, acts, person, WAYS);
  const { epoch: before } = await standing(stage, person);
  let owner: Done | undefined;
  let links = 0;
  attacker.begin(3);
  while (owner?.token === undefined) {
    if (++links > 20) throw new Error('the administrator’s links did not work');
    const press = await (at % 4 < 2 ? acts.deskLink(here!, person) : acts.deskCode(here!, person));
    attacker.also('new password'); // this revokes an unredeemed link; then another one is issued
    await setTimeout(Math.random() * 30);
    owner = await press();
  }
  await setTimeout(Math.random() * 60);
  const saved = await acts.setPassword(there!, owner.token, NEW);
  await setTimeout(AFTERWARDS);
  const tries = await attacker.stop();
  const late = tries.filter(({ sent }) => sent > owner.answered);
  const context = JSON.stringify({ person, late: late.filter(({ opened }) => opened), saved });
  expect(
    late.filter(({ opened }) => opened),
    context,
  ).toEqual([]);
  expect([saved.status, await acts.alive(here!, owner.token)], context).toEqual([200, true]);
  await judgeEnd(stage, acts, person, attacker, before);
  return {
    tries,
    after: late.length,
    links,
    redeemed: owner.answered - owner.sent,
    saved: saved.answered - saved.sent,
  };
}

/** One live session, the owner's. The new password signs in; nothing older does. */
async function judgeEnd(stage: Stage, acts: Acts, person: Person, attacker: Attacker, before: number): Promise<void> {
  const { epoch, open, live, accounts } = await standing(stage, person);
  expect([open, live?.length, accounts]).toEqual([false, 1, 0]);
  expect(epoch).toBeGreaterThanOrEqual(before + 2);
  const [one, other] = stage.nodes;
  for (const token of attacker.tokens) expect(await acts.alive(one, token)).toBe(false);
  expect((await acts.signIn(other, person)).token).toBeUndefined();
  expect((await acts.signInThere(one, person)).token).toBeUndefined();
  expect((await acts.signIn(other, person, NEW)).token).toBeDefined();
}

async function standing(stage: Stage, { id }: Person): Promise<Standing> {
  return (await stage.sql<Standing>(STANDING, [id]))[0]!;
}
