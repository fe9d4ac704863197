import type { TestApp } from './app.js';
import { Browser } from './browser.js';
import { newLink } from './links.js';
import { codeTo, nativeFlow, newCode, submitTo } from './mail.js';
import { newPerson, type Person } from './people.js';
import { PASSWORD } from './sign-in.js';

type Way = 'link' | 'code';

export interface SignedIn {
  status: number;
  token: string | undefined;
  /** ids of the form's messages */
  messages: number[];
}

/** A session, and its owner's actions in their settings. */
export interface Owner {
  token: string;
  messages(): Promise<number[]>;
  /** resolves to the status */
  setPassword(password: string): Promise<number>;
  /** submits the last form again, unchanged */
  sendAgain(): Promise<number>;
  setEmail(email: string): Promise<number>;
  /** presses “Cancel, my password still works” */
  cancel(): Promise<number>;
  endOthers(): Promise<number>;
}

export type HandOverPeople = ReturnType<typeof handOverPeople>;

const idsOf = (body: unknown): number[] => {
  const { ui } = body as { ui?: { messages?: { id: number }[] } };
  return (ui?.messages ?? []).map(({ id }) => id);
};

/** People whose accounts are handed over, and others who have their passwords, sessions and mailboxes. */
export function handOverPeople(app: TestApp) {
  const json = () => app.publicAgent().set('accept', 'application/json');

  async function signIn({ email }: Person, password = PASSWORD): Promise<SignedIn> {
    const { body } = await json().get('/self-service/login/api').expect(200);
    const flow = (body as { id: string }).id;
    const answer = await json()
      .post(`/self-service/login?flow=${flow}`)
      .send({ method: 'password', identifier: email, password });
    const token = (answer.body as { session_token?: string }).session_token;
    return { status: answer.status, token, messages: idsOf(answer.body) };
  }

  function settingsOf(token: string): Owner {
    const as = () => json().set('x-session-token', token);
    const begin = async (): Promise<{ id: string } | undefined> => {
      const { status, body } = await as().get('/self-service/settings/api');
      return status === 200 ? (body as { id: string }) : undefined;
    };
    let last: (() => Promise<number>) | undefined;
    const submit = async (fields: object): Promise<number> => {
      const flow = await begin();
      if (flow === undefined) return 401;
      last = async () => (await as().post(`/self-service/settings?flow=${flow.id}`).send(fields)).status;
      return last();
    };
    return {
      token,
      messages: async () => idsOf((await as().get('/self-service/settings/api')).body),
      setPassword: (password) => submit({ method: 'password', password }),
      sendAgain: async () => last?.() ?? 404,
      cancel: () => submit({ hand_over: 'cancel' }),
      setEmail: (email) => submit({ method: 'profile', traits: { email } }),
      endOthers: async () => (await as().delete('/sessions')).status,
    };
  }

  async function byLink(link: URL): Promise<Owner | undefined> {
    const browser = new Browser();
    const opened = await browser.get(link);
    await browser.submit(await browser.get(opened.location));
    const token = browser.cookies.get('ory_kratos_session');
    return token === undefined ? undefined : settingsOf(token);
  }

  async function byCode(flow: string, code: string): Promise<Owner | undefined> {
    const { body } = await submitTo(app, flow, { method: 'code', code });
    const token = (body as { continue_with?: { ory_session_token?: string }[] }).continue_with?.[0]?.ory_session_token;
    return token === undefined ? undefined : settingsOf(token);
  }

  /** What an administrator issued, to be redeemed later. */
  async function issued(
    { id }: Person,
    way: Way,
    more: object = {},
  ): Promise<{ redeem: () => Promise<Owner | undefined> }> {
    if (way === 'link') {
      const link = await newLink(app, id, more);
      return { redeem: () => byLink(link) };
    }
    const { flow, code } = await newCode(app, id, { flow_type: 'api', ...more });
    return { redeem: () => byCode(flow, code) };
  }

  return {
    password: PASSWORD,
    withPassword: (more: object = {}): Promise<Person> =>
      newPerson(app, { credentials: { password: { config: { password: PASSWORD } } }, ...more }),
    signIn,
    settingsOf,
    issued,

    async recover(person: Person, way: Way): Promise<Owner> {
      const owner = await (await issued(person, way)).redeem();
      if (owner === undefined) throw new Error('the grant opened nothing');
      return owner;
    },

    /** Undefined if the code is refused. */
    async recoverByMail({ email }: Person): Promise<Owner | undefined> {
      const flow = await nativeFlow(app);
      await submitTo(app, flow, { method: 'code', email });
      return byCode(flow, await codeTo(app, email));
    },

    async alive(token: string | undefined): Promise<boolean> {
      const { status } = await json()
        .get('/sessions/whoami')
        .set('x-session-token', token ?? '');
      return status === 200;
    },

    async signOut(token: string): Promise<void> {
      await json().delete('/self-service/logout/api').send({ session_token: token }).expect(204);
    },

    async setState({ id }: Person, state: 'active' | 'inactive'): Promise<void> {
      await app
        .admin()
        .patch(`/admin/identities/${id}`)
        .send([{ op: 'replace', path: '/state', value: state }])
        .expect(200);
    },

    /** Moves the end of the open hand-over into the past. */
    async lapse({ id }: Person, ago = '1 millisecond'): Promise<void> {
      await app.sql(`UPDATE identity SET hand_over_until = clock_timestamp() - $2::interval WHERE id = $1`, [id, ago]);
    },

    async addressesOf({ id }: Person): Promise<string[]> {
      const rows = await app.sql<{ value: string }>(
        'SELECT value FROM recovery_address WHERE identity_id = $1 ORDER BY value',
        [id],
      );
      return rows.map(({ value }) => value);
    },
  };
}
