import { setTimeout } from 'node:timers/promises';
import { expect } from 'vitest';
import { Acts } from './acts.js';
import { Attacker, type Way } from './attacker.js';
import { type Person, rounds, type Stage } from './stage.js';
import { NEW, standingOf } from './standing.js';

const WAYS: Way[] = [
  'mailbox',
  'mailbox',
  'new password',
  'new address',
  'session',
  'settings',
  'end others',
  'refresh',
];
const AT_ONCE = 4;
/** What the mailbox does before the race; each round takes the first few. */
const BEFORE: Way[] = ['mailbox', 'new password', 'new password', 'new address'];
/** Milliseconds: the link is issued, and later redeemed, at a random moment within. */
const SOME_TIME = 250;

interface Round {
  /** sessions opened from the mailbox */
  mailbox: number;
  redeemed: number;
}

/**
 * Someone who reads the mailbox recovers the account again and again, sets passwords and addresses, and ends sessions, on two
 * nodes, while an administrator's link or code is issued and redeemed. It must work whatever happened before. Resolves to the
 * figures, for the reader.
 */
export async function mailboxAgainstDesk(stage: Stage, count: number): Promise<string> {
  const acts = new Acts(stage);
  const people = await stage.people(count);
  const all = await rounds(people, AT_ONCE, (person, at) => round(stage, acts, person, at));
  const opened = all.reduce((sum, { mailbox }) => sum + mailbox, 0);
  const slowest = Math.round(Math.max(...all.map(({ redeemed }) => redeemed)));
  return `${count} rounds: the mailbox opened ${opened} sessions, the administrator's grant won ${all.length} times, slowest ${slowest} ms`;
}

async function round(stage: Stage, acts: Acts, person: Person, at: number): Promise<Round> {
  const [here, there] = at % 2 === 0 ? stage.nodes : stage.nodes.toReversed();
  const issue = () => (at % 4 < 2 ? acts.deskLink(here!, person) : acts.deskCode(here!, person));
  const attacker = await Attacker.of(stage, acts, person, WAYS);
  const before = at % 3 === 0 ? undefined : await issue();
  for (const way of BEFORE.slice(0, at % (BEFORE.length + 1))) await attacker.act(way);
  const { owner, saved } = await attacker.while(3, async () => {
    await setTimeout(Math.random() * SOME_TIME);
    const press = before ?? (await issue());
    await setTimeout(Math.random() * SOME_TIME);
    const redeemed = await press();
    expect(redeemed.token, JSON.stringify({ person, at, tries: attacker.tries })).toBeDefined();
    attacker.finish(); // a code requested after the close starts a new recovery
    return { owner: redeemed, saved: await acts.setPassword(there!, redeemed.token!, NEW) };
  });
  const context = JSON.stringify({ person, at, tries: attacker.tries.filter(({ opened }) => opened) });
  expect([saved.status, await acts.alive(here!, owner.token)], context).toEqual([200, true]);
  expect((await standingOf(stage, person)).live, context).toHaveLength(1);
  expect((await acts.signIn(here!, person, attacker.password)).token).toBeUndefined();
  return {
    mailbox: attacker.tries.filter(({ way, opened }) => way === 'mailbox' && opened).length,
    redeemed: owner.answered - owner.sent,
  };
}

/** If a second factor is required, the mailbox alone opens and ends no session. Resolves to the figures, for the reader. */
export async function mailboxWithoutFactor(stage: Stage, count: number): Promise<string> {
  const acts = new Acts(stage);
  const people = await stage.people(count);
  await rounds(people, AT_ONCE, async (person) => {
    const { token } = await acts.signIn(stage.node, person);
    const before = await acts.mailedCode(stage.node, person);
    await stage.sql(`UPDATE identity SET available_aal = 'aal2' WHERE id = $1`, [person.id]);
    const after = await acts.mailedCode(stage.node, person);
    for (const press of [before, after]) expect((await press()).token).toBeUndefined();
    const { body } = await acts.whoami(stage.node, token);
    expect((await standingOf(stage, person)).live).toEqual([body.id]);
  });
  return `${count} accounts with a second factor: 0 sessions ended or opened by the mailbox`;
}
