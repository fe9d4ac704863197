import { setTimeout } from 'node:timers/promises';
import { expect } from 'vitest';
import { Acts } from './acts.js';
import { Attacker, type Try, type Way } from './attacker.js';
import { type Person, rounds, type Stage } from './stage.js';
import { NEW, standingOf } from './standing.js';

const WAYS: Way[] = ['password', 'account', 'code', 'session', 'settings', 'end others', 'refresh', 'extend'];
const AT_ONCE = 4;
const MOST_LINKS = 20;
/** Milliseconds that the attacker continues after the new password. */
const AFTERWARDS = 150;

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
  const attacker = await Attacker.of(stage, acts, person, WAYS);
  const { epoch: before } = await standingOf(stage, person);
  const { links, owner, saved } = await attacker.while(3, () => recover(stage, acts, person, attacker, at));
  const late = attacker.tries.filter(({ sent }) => sent > owner.answered);
  const opened = late.filter((each) => each.opened);
  const context = JSON.stringify({ person, opened, saved });
  expect(opened, context).toEqual([]);
  expect([saved.status, await acts.alive(stage.node, owner.token)], context).toEqual([200, true]);
  await judgeEnd(stage, acts, person, attacker, before);
  const [redeemed, took] = [owner.answered - owner.sent, saved.answered - saved.sent];
  return { tries: attacker.tries, after: late.length, links, redeemed, saved: took };
}

/** Redeems a link or code, and sets a new password on the other node. */
async function recover(stage: Stage, acts: Acts, person: Person, attacker: Attacker, at: number) {
  const [here, there] = at % 2 === 0 ? stage.nodes : stage.nodes.toReversed();
  for (let links = 1; links <= MOST_LINKS; links++) {
    const press = await (at % 4 < 2 ? acts.deskLink(here!, person) : acts.deskCode(here!, person));
    attacker.also('new password'); // this revokes an unredeemed link; then another one is issued
    await setTimeout(Math.random() * 30);
    const owner = await press();
    if (owner.token === undefined) continue;
    await setTimeout(Math.random() * 60);
    const saved = await acts.setPassword(there!, owner.token, NEW);
    await setTimeout(AFTERWARDS);
    return { links, owner, saved };
  }
  throw new Error('the administrator’s links opened nothing');
}

/** One live session, the owner's. The new password signs in; nothing older does. */
async function judgeEnd(stage: Stage, acts: Acts, person: Person, attacker: Attacker, before: number): Promise<void> {
  const { epoch, open, live, accounts } = await standingOf(stage, person);
  expect([open, live?.length, accounts]).toEqual([false, 1, 0]);
  expect(epoch).toBeGreaterThanOrEqual(before + 2);
  const [one, other] = stage.nodes;
  for (const token of attacker.tokens) expect(await acts.alive(one, token)).toBe(false);
  expect((await acts.signIn(other, person)).token).toBeUndefined();
  expect((await acts.signInThere(one, person)).token).toBeUndefined();
  expect((await acts.signIn(other, person, NEW)).token).toBeDefined();
}
