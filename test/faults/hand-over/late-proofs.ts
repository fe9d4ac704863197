import { expect } from 'vitest';
import { Acts, type Done, type Ready } from './acts.js';
import { NEW, standingOf } from './standing.js';
import { OLD, type Person, rounds, type Stage } from './stage.js';

/** The statement of a code does not contain the person's id: of several at once, one hold would catch another person's. */
const atOnce = (proof: Proof): number => (proof === 'code' ? 1 : 4);

/** `late provider`: the provider answers late, instead of the database. */
const PROOFS = ['password', 'provider', 'late provider', 'code', 'refresh'] as const;
type Proof = (typeof PROOFS)[number];
/** `lifting`: the proof is checked while the account is contained. */
const EVENTS = ['opening', 'setting', 'containing', 'containing and lifting', 'lifting'] as const;
type Happening = (typeof EVENTS)[number];

const STATEMENT: Record<Exclude<Proof, 'late provider'>, string> = {
  password: 'login_complete',
  provider: 'login_complete',
  code: 'redeem_recovery_code',
  refresh: 'login_complete',
};

/** How many rounds of each proof were held between the check and the statement that creates the session. */
type Figures = Record<Proof, { held: number; rounds: number }>;

/**
 * Holds a proof that was checked until the account has been handed over, given a new password, contained or lifted. None may
 * open a session. Tries each proof `count` times, with the events in turn. Resolves to the figures, for the reader.
 */
export async function completeLate(stage: Stage, count: number): Promise<string> {
  const acts = new Acts(stage);
  const figures = {} as Figures;
  for (const proof of PROOFS) {
    const [first] = await stage.people(1);
    await control(stage, acts, first!, proof);
    const people = await stage.people(count);
    const events = EVENTS.filter((event) => happens(event, proof));
    const held = await rounds(people, atOnce(proof), (person, at) =>
      late(stage, acts, person, proof, events[at % events.length]!),
    );
    figures[proof] = { held: held.filter(Boolean).length, rounds: count };
  }
  const each = Object.entries(figures).map(([proof, { held, rounds: all }]) => `${proof} ${held}/${all}`);
  return `proofs held while the account changed hands: ${each.join(', ')}; 0 sessions`;
}

/**
 * A contained account has no session to refresh. An answer that a provider gives after the containment was lifted is a new
 * proof.
 */
function happens(event: Happening, proof: Proof): boolean {
  if (proof === 'refresh') return event !== 'lifting';
  return proof !== 'late provider' || !event.includes('lifting');
}

/** If nothing happens to the account, the held proof opens it. This shows that the right request is held. */
async function control(stage: Stage, acts: Acts, person: Person, proof: Proof): Promise<void> {
  const press = await prepared(stage, acts, person, proof);
  const { held, letGo } = hold(stage, person, proof);
  const done = press();
  await held;
  letGo();
  expect((await done).token, proof).toBeDefined();
}

async function late(stage: Stage, acts: Acts, person: Person, proof: Proof, event: Happening): Promise<boolean> {
  const press = await prepared(stage, acts, person, proof);
  const happen = await prepare(stage, acts, person, event);
  const holding = hold(stage, person, proof);
  const done = press();
  const wasHeld = await Promise.race([holding.held.then(() => true), done.then(() => false)]);
  const live = await happen();
  holding.letGo();
  const { token } = await done;
  const context = JSON.stringify({ proof, event, person, wasHeld });
  expect(token, context).toBeUndefined();
  expect((await standingOf(stage, person)).live, context).toEqual(live);
  expect(wasHeld, context).toBe(true);
  return wasHeld;
}

function hold(stage: Stage, person: Person, proof: Proof): { held: Promise<void>; letGo: () => void } {
  if (proof === 'late provider') return stage.provider.holdBack(person.sub);
  return stage.network.holdBack(STATEMENT[proof], proof === 'code' ? '' : person.id);
}

/** Prepares the deciding request on the node behind the network. */
async function prepared(stage: Stage, acts: Acts, person: Person, proof: Proof): Promise<Ready> {
  const [here, there] = stage.nodes;
  switch (proof) {
    case 'password':
      return acts.loginForm(there, person);
    case 'provider':
    case 'late provider':
      return acts.backFromProvider(there, person);
    case 'code':
      return acts.mailedCode(there, person);
    case 'refresh': {
      const { token } = await acts.signIn(here, person);
      return acts.loginForm(there, person, OLD, token);
    }
  }
}

/** Prepares the event on the other node. The event resolves to the ids of the sessions that are live after it. */
async function prepare(
  { nodes: [here] }: Stage,
  acts: Acts,
  person: Person,
  event: Happening,
): Promise<() => Promise<string[] | null>> {
  const contain = () => here.admin('POST', '/admin/recovery/link', 200, { identity_id: person.id, contain: true });
  const lift = () => here.admin('DELETE', `/admin/identities/${person.id}/containment`, 204);
  const sessionOf = async ({ token }: Done) => {
    const { body } = await acts.whoami(here, token);
    return [body.id!];
  };
  switch (event) {
    case 'opening': {
      const desk = await acts.deskCode(here, person);
      return async () => sessionOf(await desk());
    }
    case 'setting': {
      const desk = await acts.deskCode(here, person);
      return async () => {
        const owner = await desk();
        expect((await acts.setPassword(here, owner.token!, NEW)).status).toBe(200);
        return sessionOf(owner);
      };
    }
    case 'containing':
      return async () => (await contain(), null);
    case 'containing and lifting':
      return async () => (await contain(), await lift(), null);
    case 'lifting':
      await contain();
      return async () => (await lift(), null);
  }
}
