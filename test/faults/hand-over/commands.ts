import fc from 'fast-check';
import { expect } from 'vitest';
import type { Acts, Done } from './acts.js';
import { Account, type Grant, type Session } from './model.js';
import { OLD, type Person, type Stage } from './stage.js';
import { standingOf } from './standing.js';

export interface Real {
  readonly stage: Stage;
  readonly acts: Acts;
  readonly person: Person;
  /** how often each command was run */
  readonly tally: Map<string, number>;
}

type Run = (account: Account, real: Real) => Promise<void>;
type Command = fc.AsyncCommand<Account, Real>;

let passwords = 0;
const newPassword = (): string => `pass phrase number ${passwords++} of this run`;

/** A command. After it, the live sessions in the database must be those of the model. */
class Act implements Command {
  constructor(
    private readonly name: string,
    private readonly holds: (account: Account) => boolean,
    private readonly act: Run,
  ) {}

  check(account: Readonly<Account>): boolean {
    return this.holds(account as Account);
  }

  async run(account: Account, real: Real): Promise<void> {
    await this.act(account, real);
    const [what = this.name] = this.name.split(' (');
    real.tally.set(what, (real.tally.get(what) ?? 0) + 1);
    const { live } = await standingOf(real.stage, real.person);
    expect(new Set(live ?? []), `live sessions after: ${this.name}`).toEqual(new Set(account.live.map(({ id }) => id)));
  }

  toString(): string {
    return this.name;
  }
}

const always = (): boolean => true;
const act = (name: string, run: Run, holds = always as (account: Account) => boolean): fc.Arbitrary<Command> =>
  fc.constant(new Act(name, holds, run));

/** A command about one of the last sessions or grants. */
function about<T>(
  name: string,
  of: (account: Account) => readonly T[],
  run: (chosen: T, account: Account, real: Real) => Promise<void>,
): fc.Arbitrary<Command> {
  return fc.nat({ max: 5 }).map(
    (back) =>
      new Act(
        `${name} (${back} back)`,
        (account) => of(account).length > 0,
        (account, real) => {
          const all = of(account);
          return run(all[Math.max(0, all.length - 1 - back)]!, account, real);
        },
      ),
  );
}

/** The session that an answer opened, if any. @param opens whether it must have opened one */
async function session({ acts, stage }: Real, done: Done, opens: boolean, why: string): Promise<Session | undefined> {
  expect(done.token !== undefined, `${why}: opens a session`).toBe(opens);
  if (done.token === undefined) return undefined;
  const { body } = await acts.whoami(stage.node, done.token);
  return { token: done.token, id: body.id!, live: true };
}

const BEING_RECOVERED = 4_019_001;
const CONTAINED = 4_019_002;
const WRONG = 4_000_006;

const signIn = (name: string, passwordOf: (account: Account) => string | undefined): fc.Arbitrary<Command> =>
  act(
    name,
    async (account, real) => {
      const password = passwordOf(account)!;
      const done = await real.acts.signIn(real.stage.node, real.person, password);
      const right = password === account.password;
      const opened = await session(real, done, right && account.opens, name);
      if (opened) account.signedIn(opened);
      else if (!right) expect(done.says).toEqual([WRONG]);
      else if (account.active) expect(done.says).toEqual([account.contained ? CONTAINED : BEING_RECOVERED]);
    },
    (account) => passwordOf(account) !== undefined,
  );

const issue = (kind: 'link' | 'code', contain?: 'all' | 'keep_mail'): fc.Arbitrary<Command> =>
  act(
    `an administrator issues a ${kind}${contain === undefined ? '' : `, containing (${contain})`}`,
    async (account, real) => {
      const { acts, person, stage } = real;
      const more = contain === undefined ? {} : { contain: contain === 'all' ? true : contain };
      const press = await (kind === 'link' ? acts.deskLink : acts.deskCode).call(acts, stage.node, person, more);
      account.issued({ by: 'admin', kind, press, state: 'good', presses: 0 }, contain);
    },
  );

const redeem = async (grant: Grant, account: Account, real: Real): Promise<void> => {
  const admitted = account.admits(grant);
  const opened = await session(real, await grant.press(), admitted, `a ${grant.kind} of ${grant.by}`);
  grant.presses++;
  if (opened) account.redeemed(grant, opened);
};

/** Six times as frequent as the rest: without it, most commands have no effect. */
const REDEEM: fc.Arbitrary<Command> = about(
  'somebody redeems',
  ({ grants }) => grants.filter(({ state }) => state === 'good'),
  redeem,
);

/** Three times as frequent as the rest. */
const OFTEN: fc.Arbitrary<Command>[] = [
  about(
    'the session of the hand-over proves the connected account',
    (account) => account.live.filter((each) => account.owns(each) && account.handOver?.open),
    async (each, account, { acts, stage, person }) => {
      expect((await acts.connect(stage.node, person, each.token)).status).toBe(303);
      account.credentialSet(each, 'account');
    },
  ),
  about(
    'a session sets a password',
    ({ sessions }) => sessions,
    async (each, account, { acts, stage }) => {
      const password = newPassword();
      const { status } = await acts.setPassword(stage.node, each.token, password);
      expect(status).toBe(each.live ? (account.mayChange(each) ? 200 : 400) : 401);
      if (status === 200) account.credentialSet(each, { password });
    },
  ),
  about(
    'a session ends the others',
    ({ sessions }) => sessions,
    async (each, account, { acts, stage }) => {
      const { status } = await acts.endOthers(stage.node, each.token);
      expect(status).toBe(each.live ? (account.mayChange(each) ? 200 : 403) : 401);
      if (status === 200) account.othersEnded(each);
    },
  ),
  signIn('signs in with the password', ({ password }) => password),
  signIn('signs in with the first password', () => OLD),
  act('signs in with the connected account', async (account, real) => {
    const done = await real.acts.signInThere(real.stage.node, real.person);
    const opened = await session(real, done, account.connected && account.opens, 'the connected account');
    if (opened) account.signedIn(opened);
  }),
  act('the mailbox gets a code', async (account, real) => {
    const mails = account.active && account.contained !== 'all';
    const press = await real.acts.mailedCode(real.stage.node, real.person);
    account.grants.push({ by: 'self_service', kind: 'code', press, state: mails ? 'good' : 'over', presses: 0 });
  }),
  issue('link'),
  issue('code'),
  act(
    'the time of the hand-over ends',
    async (account, { stage, person }) => {
      await stage.sql(`UPDATE identity SET hand_over_until = clock_timestamp() WHERE id = $1`, [person.id]);
      account.lapsed();
    },
    ({ handOver }) => handOver?.open === true,
  ),
];

const SELDOM: fc.Arbitrary<Command>[] = [
  about(
    'somebody redeems again, or what was revoked',
    ({ grants }) => grants.filter(({ state }) => state !== 'good'),
    redeem,
  ),
  about(
    'a session changes the address',
    ({ sessions, handOver }) => sessions.filter(({ live }) => !live || handOver),
    async (each, _account, { acts, stage, person }) => {
      const traits = { email: `eve.${person.email}` };
      const { status } = await acts.change(stage.node, each.token, { method: 'profile', traits });
      expect(status).toBe(each.live ? 400 : 401);
    },
  ),
  about(
    'a session cancels',
    ({ live }) => live,
    async (each, account, { acts, stage }) => {
      const cancels = account.owns(each) && account.handOver?.open === true;
      expect((await acts.cancel(stage.node, each.token)).status).toBe(cancels ? 200 : 400);
      if (cancels) account.cancelled();
    },
  ),
  about(
    'a session signs out',
    ({ live }) => live,
    async (each, account, { acts, stage }) => {
      expect((await acts.signOut(stage.node, each.token)).status).toBe(204);
      account.ended(each);
    },
  ),
  issue('link', 'all'),
  issue('code', 'keep_mail'),
  act('an administrator lifts', async (account, { stage, person }) => {
    await stage.node.admin('DELETE', `/admin/identities/${person.id}/containment`, 204);
    account.contained = undefined;
  }),
  act('an administrator ends the hand-over', async (account, { stage, person }) => {
    await stage.node.admin('DELETE', `/admin/identities/${person.id}/hand-over`, 204);
    if (account.handOver?.open) account.cancelled();
  }),
  about(
    'an administrator ends a session',
    ({ sessions }) => sessions,
    async (each, account, { stage }) => {
      await stage.node.admin('DELETE', `/admin/sessions/${each.id}`, 204);
      account.ended(each);
    },
  ),
  fc.boolean().map(
    (lift) =>
      new Act(
        `an administrator sets a password${lift ? ' and lifts' : ''}`,
        always,
        async (account, { stage, person }) => {
          const password = newPassword();
          await stage.node.admin('PUT', `/admin/identities/${person.id}`, 200, {
            schema_id: 'person',
            state: account.active ? 'active' : 'inactive',
            traits: { email: person.email },
            credentials: { password: { config: { password } } },
            ...(lift ? { lift } : {}),
          });
          account.passwordGiven(password, lift);
        },
      ),
  ),
  act('an administrator deactivates', async (account, { acts, stage, person }) => {
    await acts.setState(stage.node, person, 'inactive');
    account.stateSet(false);
  }),
  act('an administrator activates', async (account, { acts, stage, person }) => {
    await acts.setState(stage.node, person, 'active');
    account.stateSet(true);
  }),
  act(
    'a day passes',
    async (account, { stage, person }) => {
      await stage.sql(`UPDATE identity SET hand_over_until = hand_over_until - interval '25 hours' WHERE id = $1`, [
        person.id,
      ]);
      account.dayPassed();
    },
    ({ handOver }) => handOver?.open === false,
  ),
];

/** What the person, the attacker, someone with the mailbox, an administrator and time do to one account. */
export const COMMANDS = [...Array.from({ length: 6 }, () => REDEEM), ...OFTEN, ...OFTEN, ...OFTEN, ...SELDOM];

/** An account with a session of the attacker, an administrator's link, and a code in the mailbox. */
export async function begin({ acts, stage, person }: Omit<Real, 'tally'>): Promise<Account> {
  const account = new Account();
  const [one, other] = stage.nodes;
  const { token } = await acts.signIn(one, person);
  const { body } = await acts.whoami(other, token);
  account.signedIn({ token: token!, id: body.id!, live: true });
  const link = await acts.deskLink(one, person);
  account.issued({ by: 'admin', kind: 'link', press: link, state: 'good', presses: 0 });
  const code = await acts.mailedCode(other, person);
  account.issued({ by: 'self_service', kind: 'code', press: code, state: 'good', presses: 0 });
  return account;
}
