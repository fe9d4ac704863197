import { expect } from 'vitest';
import { Browser } from '../../support/browser.js';
import { signsInAgain } from './abandoned.js';
import { Acts } from './acts.js';
import { type Person, rounds, type Stage } from './stage.js';
import { endOf, NEW, standingOf } from './standing.js';

const AT_ONCE = 6;

const ACCIDENTS = [
  'tab closed',
  'cookie lost',
  'second device',
  'double click',
  'answer lost',
  'signed out elsewhere',
  'deactivated and back',
  'social only',
] as const;
type Accident = (typeof ACCIDENTS)[number];

/**
 * What goes wrong for owners. In the end each of them is signed in: by a new grant, by the same grant within a minute, or by the
 * older credential when the hand-over ends. Resolves to the figures, for the reader.
 */
export async function haveAccidents(stage: Stage, count: number): Promise<string> {
  const acts = new Acts(stage);
  const people = await stage.people(count);
  const waited: number[] = [0];
  await rounds(people, AT_ONCE, async (person, at) => {
    const accident = ACCIDENTS[at % ACCIDENTS.length]!;
    const token = await happen(stage, acts, person, accident);
    if (Math.floor(at / ACCIDENTS.length) % 2 === 0) await goOn(stage, acts, person, accident, token);
    else waited.push(await waitForOlder(stage, acts, person, accident));
  });
  return `${count} accidents (${ACCIDENTS.join(', ')}): each owner signed in, by an older credential ${Math.round(Math.max(...waited))} ms after the end at the latest`;
}

/** Resolves to the token that the owner has after the accident, or undefined if it is lost. */
async function happen(stage: Stage, acts: Acts, person: Person, accident: Accident): Promise<string | undefined> {
  const [one, other] = stage.nodes;
  switch (accident) {
    case 'tab closed':
    case 'cookie lost':
      expect((await (await acts.deskLink(one, person))()).token).toBeDefined();
      return undefined;
    case 'second device': {
      const link = await acts.issueLink(one, person);
      const { token } = await (await acts.openLink(one, link))();
      expect((await (await acts.openLink(other, link))()).token).toBeUndefined();
      return token;
    }
    case 'double click':
      return doubleClick(stage, acts, person);
    case 'answer lost':
      return loseAnswer(stage, acts, person);
    case 'signed out elsewhere': {
      const { token } = await (await acts.deskCode(one, person))();
      expect((await acts.signOut(other, token!)).status).toBe(204);
      expect(await acts.alive(one, token)).toBe(false);
      return undefined;
    }
    case 'deactivated and back': {
      const { token } = await (await acts.deskCode(one, person))();
      await acts.setState(other, person, 'inactive');
      await acts.setState(one, person, 'active');
      expect(await acts.alive(one, token)).toBe(false);
      return undefined;
    }
    case 'social only':
      await stage.sql(
        `UPDATE identity_credential SET config = config - 'hashed_password' WHERE identity_id = $1 AND type = 'password'`,
        [person.id],
      );
      expect((await (await acts.deskLink(one, person))()).token).toBeDefined();
      return undefined;
  }
}

/** Two presses of the same button at once, one on each node. Exactly one of the sessions is live. */
async function doubleClick(stage: Stage, acts: Acts, person: Person): Promise<string> {
  const [one, other] = stage.nodes;
  const presses = await acts.twice([one, other], await acts.issueLink(one, person));
  const tokens = (await Promise.all(presses.map((press) => press()))).map(({ token }) => token);
  const good = await Promise.all(tokens.map((token) => acts.alive(one, token)));
  expect(good.filter(Boolean)).toHaveLength(1);
  expect((await standingOf(stage, person)).live).toHaveLength(1);
  return tokens[good.indexOf(true)]!;
}

/** The redemption is committed but its answer is lost, so the same browser presses again. */
async function loseAnswer(stage: Stage, acts: Acts, person: Person): Promise<string> {
  const link = await acts.issueLink(stage.nodes[0], person);
  const browser = new Browser();
  const press = await acts.openLink(stage.nodes[1], link, browser);
  const lost = stage.network.loseAnswerTo(['redeem_recovery_link', new URL(link).searchParams.get('flow')!]);
  expect((await press()).token).toBeUndefined();
  await lost;
  expect((await standingOf(stage, person)).live).toHaveLength(1);
  const { token } = await press();
  expect((await standingOf(stage, person)).live).toHaveLength(1);
  return token!;
}

/** Sets a new credential, in the owner's session or in one from a new grant. */
async function goOn(
  stage: Stage,
  acts: Acts,
  person: Person,
  accident: Accident,
  inHand: string | undefined,
): Promise<void> {
  const token = inHand ?? (await (await acts.deskCode(stage.node, person))()).token;
  expect(token, accident).toBeDefined();
  if (accident === 'social only') expect((await acts.connect(stage.node, person, token!)).status).toBe(303);
  else expect((await acts.setPassword(stage.node, token!, NEW)).status, accident).toBe(200);
  expect(await acts.alive(stage.node, token), accident).toBe(true);
  const again =
    accident === 'social only' ? acts.signInThere(stage.node, person) : acts.signIn(stage.node, person, NEW);
  expect((await again).token, accident).toBeDefined();
}

async function waitForOlder(stage: Stage, acts: Acts, person: Person, accident: Accident): Promise<number> {
  if (accident === 'deactivated and back') {
    expect((await acts.signIn(stage.node, person)).token).toBeDefined();
    return 0;
  }
  const over = await endOf(stage, person);
  const way = accident === 'social only' ? 'account' : 'password';
  return signsInAgain(stage, acts, person, over, way);
}
