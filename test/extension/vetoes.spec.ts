import { setTimeout } from 'node:timers/promises';
import { Injectable, Module } from '@nestjs/common';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import {
  BeforeCredentialChange,
  BeforeIssue,
  BeforeRedeem,
  BeforeSignIn,
  defineExtension,
  type Circumstances,
  type Intents,
  type Veto,
} from '../../src/index.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { newLink, pressButton } from '../support/links.js';
import { messageIds, NEW_PASSWORD, settingsPeople } from '../support/settings-people.js';
import { person, signIn } from '../support/sign-in.js';

/** What the listeners answer, and what they were asked; the tests change both. */
const guest = {
  answer: (_name: string, _to: keyof Intents, _intent: object): Promise<Veto | undefined> => Promise.resolve(undefined),
  asked: [] as { by: string; to: keyof Intents; intent: Record<string, unknown> }[],
};
const NO: Veto = { id: 'not_yet', reason: 'Somebody must agree first.' };
const RETRY = 'An extension that must agree does not answer.';

function heard<To extends keyof Intents>(by: string, to: To, intent: Intents[To] & Circumstances) {
  guest.asked.push({ by, to, intent: { ...intent } });
  return guest.answer(by, to, intent);
}

@Injectable()
class First {
  @BeforeIssue()
  issue(intent: Intents['beforeIssue'] & Circumstances) {
    return heard('first', 'beforeIssue', intent);
  }
  @BeforeRedeem()
  redeem(intent: Intents['beforeRedeem'] & Circumstances) {
    return heard('first', 'beforeRedeem', intent);
  }
  @BeforeCredentialChange()
  change(intent: Intents['beforeCredentialChange'] & Circumstances) {
    return heard('first', 'beforeCredentialChange', intent);
  }
  @BeforeSignIn()
  enter(intent: Intents['beforeSignIn'] & Circumstances) {
    return heard('first', 'beforeSignIn', intent);
  }
}

@Injectable()
class Second {
  @BeforeIssue()
  issue(intent: Intents['beforeIssue'] & Circumstances) {
    return heard('second', 'beforeIssue', intent);
  }
  @BeforeIssue()
  issueToo(intent: Intents['beforeIssue'] & Circumstances) {
    return heard('second, its other method', 'beforeIssue', intent);
  }
}

@Module({ providers: [Second] })
class LaterModule {}
@Module({ providers: [First] })
class EarlierModule {}

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({
    extensions: [
      defineExtension({ name: 'earlier', modules: [EarlierModule] }),
      defineExtension({ name: 'later', modules: [LaterModule] }),
    ],
    config: { selfservice: { methods: { code: { enabled: true } } } },
  });
});
afterAll(() => app?.stop());
afterEach(() => {
  guest.answer = () => Promise.resolve(undefined);
  guest.asked.length = 0;
});

const says = (veto: Veto | undefined) => () => Promise.resolve(veto);
const issue = (kind: 'link' | 'code', identity_id: string, more: object = {}) =>
  app
    .admin()
    .post(`/admin/recovery/${kind}`)
    .send({ identity_id, ...more });
const grants = async (identityId: string) =>
  (await app.sql('SELECT id FROM recovery_grant WHERE identity_id = $1 AND used_at IS NULL', [identityId])).length;
const refusals = (identityId: string) =>
  vi.waitFor(async () => {
    const rows = await app.sql(
      `SELECT action, detail FROM audit_event WHERE target_id = $1 AND outcome = 'refused' ORDER BY id`,
      [identityId],
    );
    expect(rows).not.toEqual([]);
    return rows;
  });

/** How a guest can fail, and what its owner reads. */
const FAILURES: [string, () => Promise<Veto | undefined>, string][] = [
  ['throws', () => Promise.reject(new Error('its server is down')), 'its server is down'],
  ['hangs', () => setTimeout(5_000, NO, { ref: false }), 'no answer within 500 ms'],
  ['answers nonsense', () => Promise.resolve({ id: 'Not Yet', reason: '' }), 'a veto has an id of lower case words'],
];

describe('beforeIssue', () => {
  test.each(['link', 'code'] as const)('a veto keeps a %s from being made, with its id and reason', async (kind) => {
    const { id } = await person(app);
    guest.answer = says(NO);
    const refused = await issue(kind, id);
    expect([refused.status, refused.body]).toEqual([
      403,
      {
        error: {
          id: 'not_yet',
          code: 403,
          status: 'Forbidden',
          reason: 'Somebody must agree first.',
          message: 'The requested action was forbidden',
        },
      },
    ]);
    expect(await grants(id)).toBe(0);
    expect(await refusals(id)).toEqual([{ action: `recovery.${kind}.created`, detail: { veto: 'not_yet' } }]);
    guest.answer = says(undefined);
    expect((await issue(kind, id)).status).toBeLessThan(300);
  });

  test('listeners are asked in the order of the extensions and their methods, until one refuses', async () => {
    const { id } = await person(app);
    await issue('link', id);
    expect(guest.asked.map(({ by }) => by)).toEqual(['first', 'second', 'second, its other method']);
    guest.asked.length = 0;
    guest.answer = (by) => Promise.resolve(by === 'second' ? NO : undefined);
    await issue('link', id);
    expect(guest.asked.map(({ by }) => by)).toEqual(['first', 'second']);
  });

  test('they learn who asks, for whom and for what', async () => {
    const { id, email } = await person(app);
    let traits: unknown;
    guest.answer = async (_by, _to, intent) => {
      traits = (await (intent as Circumstances).identity())?.traits;
      return undefined;
    };
    await issue('code', id, { expires_in: '1h' });
    expect(guest.asked[0]!.intent).toMatchObject({
      kind: 'code',
      identityId: id,
      deliver: false,
      actor: { type: 'access_token', label: 'test' },
    });
    expect(traits).toEqual({ email });
  });

  test('without a token, the scope or an identity nobody is asked', async () => {
    const { id } = await person(app);
    await app.anonymousAdmin().post('/admin/recovery/link').send({ identity_id: id }).expect(401);
    const token = await app.token('identity:read');
    await app.admin(token).post('/admin/recovery/link').send({ identity_id: id }).expect(403);
    await issue('link', 'no uuid');
    expect(guest.asked).toEqual([]);
  });

  test.each(FAILURES)('a guest that %s: 503, and nothing is made', async (_, answer, logged) => {
    const { id } = await person(app);
    guest.answer = answer;
    const before = app.log.length;
    const { status, body } = await issue('link', id);
    expect([status, (body as { error: { reason: string } }).error.reason]).toEqual([503, RETRY]);
    expect(await grants(id)).toBe(0);
    expect(app.log.slice(before).join()).toContain(logged);
  });
});

describe('beforeRedeem', () => {
  const press = (link: URL, accept = 'text/html') => pressButton(app, link, accept);
  const flowOf = async (location: string) => {
    const id = new URL(location).searchParams.get('flow');
    const rows = await app.sql<{ messages: unknown }>('SELECT messages FROM recovery_flow WHERE id = $1', [id]);
    return rows[0]?.messages;
  };

  test('a refused link stays unused; a form says why, JSON gets the error; later it works', async () => {
    const { id } = await person(app);
    const link = await newLink(app, id);
    guest.answer = says(NO);
    const refused = await press(link);
    expect(refused.status).toBe(303);
    expect(await flowOf(refused.headers['location'] as string)).toEqual([
      { id: 4_009_001, context: { id: 'not_yet', reason: 'Somebody must agree first.' } },
    ]);
    const json = await press(link, 'application/json');
    expect([json.status, json.body]).toMatchObject([403, { error: { id: 'not_yet' } }]);
    expect(await grants(id)).toBe(1);
    expect(guest.asked.filter(({ to }) => to === 'beforeRedeem')).toHaveLength(2);
    guest.answer = says(undefined);
    expect((await press(link)).headers['location']).toContain('/ui/settings');
    expect(await grants(id)).toBe(0);
  });

  test('a wrong, used or revoked secret never reaches it, and is answered as ever', async () => {
    const { id } = await person(app);
    const link = await newLink(app, id);
    const wrong = new URL(link);
    wrong.searchParams.set('token', 'x'.repeat(32));
    const answers = [await press(wrong)];
    await press(link);
    guest.asked.length = 0;
    guest.answer = says(NO);
    answers.push(await press(link));
    expect(guest.asked.filter(({ to }) => to === 'beforeRedeem')).toEqual([]);
    for (const { status, headers } of answers) {
      expect(status).toBe(303);
      expect(await flowOf(headers['location'] as string)).toEqual([{ id: 4_060_004 }]);
    }
  });

  test('of a code: counted as a guess, unused when refused, never asked of a wrong one', async () => {
    const { id } = await person(app);
    const { body } = await issue('code', id);
    const { recovery_code: code, recovery_link: page } = body as { recovery_code: string; recovery_link: string };
    const flow = new URL(page).searchParams.get('flow')!;
    const submit = async (typed: string) => {
      const agent = app.publicAgent();
      const shown = await agent.get(`/self-service/recovery/flows?id=${flow}`).set('accept', 'application/json');
      const nodes = (shown.body as { ui: { nodes: { attributes: { name: string; value: string } }[] } }).ui.nodes;
      const csrf_token = nodes.find(({ attributes }) => attributes.name === 'csrf_token')?.attributes.value;
      return agent
        .post(`/self-service/recovery?flow=${flow}`)
        .set('accept', 'application/json')
        .send({ method: 'code', code: typed, csrf_token });
    };
    guest.asked.length = 0;
    guest.answer = says(NO);
    expect(messageIds((await submit(code === '000000' ? '111111' : '000000')).body)).toEqual([4_060_006]);
    expect(guest.asked).toEqual([]);
    expect(messageIds((await submit(code)).body)).toEqual([4_009_001]);
    expect(guest.asked).toHaveLength(1);
    expect(await grants(id)).toBe(1);
    guest.answer = says(undefined);
    const taken = await submit(code);
    expect(JSON.stringify(taken.body)).toContain('/ui/settings');
    expect(await grants(id)).toBe(0);
  });

  test.each(FAILURES)('a guest that %s: 503, and the link stays good', async (_, answer) => {
    const { id } = await person(app);
    const link = await newLink(app, id);
    guest.answer = answer;
    expect((await press(link, 'application/json')).status).toBe(503);
    expect(await grants(id)).toBe(1);
  });
});

describe('beforeSignIn', () => {
  async function submit(email: string, password?: string) {
    const agent = app.publicAgent().set('accept', 'application/json') as ReturnType<TestApp['publicAgent']>;
    const { body } = await agent.get('/self-service/login/api');
    const answer = await agent
      .post(`/self-service/login?flow=${(body as { id: string }).id}`)
      .send({ method: 'password', identifier: email, password: password ?? 'correct horse battery staple' });
    return { status: answer.status, ids: answer.status === 200 ? [] : messageIds(answer.body as never) };
  }

  test('a right password is refused with the reason in the form; a wrong one never reaches it', async () => {
    const { id, email } = await person(app);
    guest.answer = says(NO);
    expect(await submit(email, 'a wrong one indeed')).toEqual({ status: 400, ids: [4_000_006] });
    expect(guest.asked).toEqual([]);
    expect(await submit(email)).toEqual({ status: 400, ids: [4_009_001] });
    expect(guest.asked.map(({ to, intent }) => [to, intent['method'], intent['identityId']])).toEqual([
      ['beforeSignIn', 'password', id],
    ]);
    expect(await app.sql('SELECT id FROM session WHERE identity_id = $1', [id])).toEqual([]);
    guest.answer = says(undefined);
    expect(await submit(email)).toEqual({ status: 200, ids: [] });
  });

  test.each(FAILURES)('a guest that %s lets people pass, and the log says so', async (_, answer, logged) => {
    const them = await person(app);
    guest.answer = answer;
    const before = app.log.length;
    expect(await signIn(app, them)).toMatch(/^ory_st_/);
    expect(app.log.slice(before).join()).toContain(logged);
  });
});

describe('beforeCredentialChange', () => {
  test('a new password is refused with the reason in the form, and nothing changes', async () => {
    const people = settingsPeople(app);
    const { id, json } = await people.browser();
    guest.answer = says(NO);
    const refused = await json({ method: 'password', password: NEW_PASSWORD });
    expect([refused.status, messageIds(refused.body as never)]).toEqual([400, [4_009_001]]);
    expect(await people.passwordOf(id)).toBeUndefined();
    expect(guest.asked.map(({ intent }) => [intent['change'], intent['identityId']])).toEqual([['password', id]]);
    guest.answer = says(undefined);
    expect((await json({ method: 'password', password: NEW_PASSWORD })).status).toBe(200);
    expect(await people.passwordOf(id)).toBeDefined();
  });

  test('a session that may not change it is not asked about', async () => {
    const people = settingsPeople(app);
    const { json, age } = await people.browser();
    await age();
    await json({ method: 'password', password: NEW_PASSWORD });
    expect(guest.asked).toEqual([]);
  });

  test.each(['keep', 'remove'])('what a hand-over suspended: %s is refused likewise', async (decision) => {
    const { json } = await settingsPeople(app).browser();
    guest.answer = says(NO);
    const refused = await json({ [decision]: '0d1f3a2b-5c4e-4f6a-8b7c-9d0e1f2a3b4c' });
    expect(messageIds(refused.body as never)).toEqual([4_009_001]);
    expect(guest.asked.map(({ intent }) => intent['change'])).toEqual(['suspended']);
  });

  test('an administrator is refused likewise', async () => {
    const { id } = await person(app);
    const before = await settingsPeople(app).passwordOf(id);
    guest.answer = says(NO);
    const path = `/admin/identities/${id}/credentials/password`;
    expect((await app.admin().delete(path)).body).toMatchObject({ error: { id: 'not_yet', code: 403 } });
    expect([typeof before, await settingsPeople(app).passwordOf(id)]).toEqual(['string', before]);
    expect(guest.asked.map(({ intent }) => intent['change'])).toEqual(['removed']);
  });

  test.each(FAILURES)('a guest that %s: 503, and the password stays', async (_, answer) => {
    const people = settingsPeople(app);
    const { id, json } = await people.browser();
    guest.answer = answer;
    expect((await json({ method: 'password', password: NEW_PASSWORD })).status).toBe(503);
    expect(await people.passwordOf(id)).toBeUndefined();
  });
});
