/** `feature_flags.choose_recovery_address`: a person enters any address, then chooses which one gets the code. */
import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.js';
import { codeTo, mailed, mailTo, nativeFlow, submitTo } from '../support/mail.js';
import { newPerson } from '../support/people.js';
import { browserFlow, read } from '../support/recovery-flows.js';
import { person, signIn } from '../support/sign-in.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({
    config: {
      ...mailed('code'),
      feature_flags: { use_continue_with_transitions: true, choose_recovery_address: true },
    },
    parity: true,
  });
});
afterAll(() => app.stop());

interface Node {
  attributes: { name: string; type: string; value?: unknown };
  meta: { label?: { id: number; text: string } };
  messages: { id: number }[];
}
interface Flow {
  state: string;
  ui: { nodes: Node[]; messages?: { id: number; text: string; context?: object }[] };
}

const nodes = (flow: Flow): string[] => flow.ui.nodes.map(({ attributes }) => `${attributes.name}:${attributes.type}`);
const hash = (address: string): string => createHash('sha256').update(address).digest('base64');
const masked = (address: string): string => `${address.slice(0, 2)}****${address.slice(address.indexOf('@'))}`;

/** A person with two addresses. */
async function two(): Promise<{ id: string; first: string; second: string }> {
  const { id, email } = await newPerson(app);
  const second = `zoe.${randomBytes(6).toString('hex')}@example.org`;
  await app.sql(
    `INSERT INTO recovery_address (id, identity_id, via, value, normalized) VALUES (gen_random_uuid(), $1, 'email', $2, $2)`,
    [id, second],
  );
  return { id, first: email, second };
}

const CODE_FORM = [
  'csrf_token:hidden',
  'code:text',
  'method:submit',
  'method:hidden',
  'recovery_confirm_address:submit',
  'recovery_address:hidden',
  'screen:submit',
];

test('the first step asks for any address', async () => {
  const { body } = await app.publicAgent().get('/self-service/recovery/api').expect(200);
  expect(body.state).toBe('recovery_awaiting_address');
  expect(nodes(body)).toEqual(['csrf_token:hidden', 'recovery_address:text', 'method:submit']);
  expect((body as Flow).ui.nodes[1]!.meta.label).toMatchObject({ id: 1070016, text: 'Recovery address' });
  const { body: empty } = await submitTo(app, body.id, {}).expect(400);
  expect((empty as Flow).ui.nodes[1]!.messages).toMatchObject([{ id: 4000002 }]);
});

describe('an address', () => {
  test('that is its account’s only one, or unknown, is asked for the code at once, and looks the same', async () => {
    const { email } = await newPerson(app);
    for (const address of [email, `nobody.${email}`]) {
      const flow = await nativeFlow(app);
      const { body } = await submitTo(app, flow, { recovery_address: address }).expect(200);
      expect(body.state).toBe('recovery_awaiting_code');
      expect(nodes(body)).toEqual(CODE_FORM);
      expect(body.ui.messages).toEqual([
        {
          id: 1060004,
          type: 'info',
          text: `A recovery code has been sent to ${masked(address)}. If you have not received it, check the spelling of the address and make sure to use the address you registered with.`,
          context: { masked_address: masked(address) },
        },
      ]);
    }
    expect(await mailTo(app, email)).toHaveLength(1);
  });

  test('leads to the account: code sent again, wrong, right', async () => {
    const { email } = await newPerson(app);
    const flow = await nativeFlow(app);
    await submitTo(app, flow, { recovery_address: email }).expect(200);
    const first = await codeTo(app, email);
    await submitTo(app, flow, { recovery_address: email, recovery_confirm_address: email }).expect(200);
    const wrong = await submitTo(app, flow, { code: first }).expect(200);
    expect(wrong.body.ui.messages).toMatchObject([{ id: 4060006 }]);
    expect(nodes(wrong.body)).toEqual(CODE_FORM);
    const done = await submitTo(app, flow, { code: await codeTo(app, email), recovery_address: email }).expect(200);
    expect(done.body.state).toBe('passed_challenge');
    expect(done.body.continue_with.map(({ action }: { action: string }) => action)).toEqual([
      'set_ory_session_token',
      'show_settings_ui',
    ]);
  });
});

describe('what mail cannot reach', () => {
  const sentTo = (address: string, shown: string) => ({
    state: 'recovery_awaiting_code',
    ui: { messages: [{ id: 1060004, context: { masked_address: shown } }] },
    address,
  });

  test.each([
    ['+49 170 5550166', '+49****66'],
    ['\\\\@', '\\\\****@'],
    ['asdf@', 'as****@'],
    ['...@', '..****@'],
    ['me@example.com,you@example.com', 'me****@example.com,you@example.com'],
    ['ada', 'ada'],
  ])('%s gets the answer for a sent code, but no mail', async (address, shown) => {
    const flow = await nativeFlow(app);
    const { body } = await submitTo(app, flow, { recovery_address: address }).expect(200);
    expect({ ...body, address }).toMatchObject(sentTo(address, shown));
    expect(nodes(body)).toEqual(CODE_FORM);
    const again = await submitTo(app, flow, { recovery_confirm_address: address }).expect(200);
    expect({ ...again.body, address }).toMatchObject(sentTo(address, shown));
    const wrong = await submitTo(app, flow, { code: '123456' }).expect(200);
    expect(wrong.body.ui.messages).toMatchObject([{ id: 4060006 }]);
    const mails = await app.sql<{ status: string }>('SELECT status FROM courier_message WHERE recipient = $1', [
      address,
    ]);
    expect(mails.map(({ status }) => status)).toEqual(['suppressed', 'suppressed']);
  });

  test('an account’s telephone number leads to its e-mail addresses, and is never offered itself', async () => {
    const { id, first, second } = await two();
    const phone = `+49170${String(Math.floor(Math.random() * 1e7)).padStart(7, '0')}`;
    await app.sql(
      `INSERT INTO recovery_address (id, identity_id, via, value, normalized) VALUES (gen_random_uuid(), $1, 'sms', $2, $2)`,
      [id, phone],
    );
    const flow = await nativeFlow(app);
    const named = phone.replace('+49170', '+49 (170) ');
    const { body } = await submitTo(app, flow, { recovery_address: named }).expect(200);
    const choices = (body as Flow).ui.nodes.filter(({ attributes }) => attributes.name === 'recovery_select_address');
    expect(choices.map(({ meta }) => meta.label?.text)).toEqual([masked(first), masked(second)]);
    const chosen = { recovery_select_address: hash(first), recovery_address: named };
    expect((await submitTo(app, flow, chosen).expect(200)).body.state).toBe('recovery_awaiting_address_confirm');
    await submitTo(app, flow, { recovery_confirm_address: first }).expect(200);
    expect(await mailTo(app, first)).toHaveLength(1);
  });
});

describe('of several addresses', () => {
  const chosen = async () => {
    const anna = await two();
    const flow = await nativeFlow(app);
    const { body } = await submitTo(app, flow, { recovery_address: anna.first }).expect(200);
    return { ...anna, flow, body: body as Flow };
  };

  test('all are shown, masked, and no mail is sent yet', async () => {
    const { first, second, body } = await chosen();
    expect(body.state).toBe('recovery_awaiting_address_choice');
    expect(body.ui.messages).toMatchObject([{ id: 1060006, text: 'How do you want to recover your account?' }]);
    const choices = body.ui.nodes.filter(({ attributes }) => attributes.name === 'recovery_select_address');
    expect(choices.map(({ attributes, meta }) => [attributes.type, attributes.value, meta.label?.text])).toEqual([
      ['submit', hash(first), masked(first)],
      ['submit', hash(second), masked(second)],
    ]);
    expect(nodes(body).slice(-2)).toEqual(['method:hidden', 'recovery_address:hidden']);
    expect(JSON.stringify(body)).not.toContain(second);
    expect([...(await mailTo(app, first)), ...(await mailTo(app, second))]).toEqual([]);
  });

  test('the one entered first gets the code at once', async () => {
    const { first, flow } = await chosen();
    const { body } = await submitTo(app, flow, {
      recovery_select_address: hash(first),
      recovery_address: first,
    }).expect(200);
    expect(body.state).toBe('recovery_awaiting_code');
    expect(await mailTo(app, first)).toHaveLength(1);
  });

  test('another one must be typed in full first', async () => {
    const { id, first, second, flow } = await chosen();
    const asked = await submitTo(app, flow, { recovery_select_address: hash(second), recovery_address: first }).expect(
      200,
    );
    expect(asked.body.state).toBe('recovery_awaiting_address_confirm');
    expect(asked.body.ui.messages).toMatchObject([{ id: 1060005 }]);
    expect(nodes(asked.body)).toEqual([
      'csrf_token:hidden',
      'recovery_confirm_address:email',
      'recovery_address:hidden',
      'method:submit',
      'method:hidden',
      'screen:submit',
    ]);
    await submitTo(app, flow, { recovery_address: first }).expect(400);
    const sent = await submitTo(app, flow, { recovery_confirm_address: second, recovery_address: first }).expect(200);
    expect(sent.body.state).toBe('recovery_awaiting_code');
    expect(await mailTo(app, first)).toEqual([]);
    await submitTo(app, flow, { code: await codeTo(app, second) }).expect(200);
    expect(await app.sql('SELECT 1 AS one FROM session WHERE identity_id = $1', [id])).toHaveLength(1);
  });

  test('one that is not shown cannot be chosen', async () => {
    const { first, flow } = await chosen();
    const { body } = await submitTo(app, flow, {
      recovery_select_address: hash('eve@example.com'),
      recovery_address: first,
    }).expect(400);
    expect(body.ui.messages).toMatchObject([{ id: 4000001, text: 'The selected recovery address is not valid.' }]);
    const messagesOn = async (fields: object): Promise<string[]> => {
      const answer = await submitTo(app, flow, fields).expect(400);
      const said = (answer.body as Flow).ui.nodes.filter(({ messages }) => messages.length > 0);
      expect((answer.body as Flow).ui.messages).toBeUndefined();
      return said.map(({ attributes, messages }) => `${attributes.name} ${String(messages[0]?.id)}`);
    };
    expect(await messagesOn({ recovery_address: first })).toEqual(['recovery_select_address 4000002']);
    expect(await messagesOn({ recovery_select_address: hash(first) })).toEqual(['recovery_address 4000002']);
  });

  test('another one can be chosen after going back', async () => {
    const { first, second, flow } = await chosen();
    await submitTo(app, flow, { recovery_select_address: hash(second), recovery_address: first }).expect(200);
    const back = await submitTo(app, flow, { screen: 'previous', recovery_address: first }).expect(200);
    expect(back.body.state).toBe('recovery_awaiting_address_choice');
    await submitTo(app, flow, { recovery_select_address: hash(first), recovery_address: first }).expect(200);
    const again = await submitTo(app, flow, { screen: 'previous', recovery_address: first }).expect(200);
    expect(again.body.state).toBe('recovery_awaiting_address_choice');
    expect((await read(app.publicAgent(), flow).expect(200)).body.state).toBe('recovery_awaiting_address_choice');
  });
});

test('with only one address, going back leads to the first step', async () => {
  const { email } = await newPerson(app);
  const flow = await nativeFlow(app);
  await submitTo(app, flow, { recovery_address: email }).expect(200);
  const { body } = await submitTo(app, flow, { screen: 'previous', recovery_address: email }).expect(200);
  expect(body.state).toBe('recovery_awaiting_address');
});

test('a browser is redirected from form to form, and a signed-in person is kept out', async () => {
  const { first } = await two();
  const begun = await browserFlow(app);
  const answer = await begun.form({ method: 'code', recovery_address: first }).expect(303);
  expect(answer.headers['location']).toBe(`${app.publicUrl}/ui/recovery?flow=${begun.id}`);
  const page = await begun.agent.get(`/ui/recovery?flow=${begun.id}`).expect(200);
  expect(page.text).toContain(masked(first));
  const token = await signIn(app, await person(app));
  const flow = await nativeFlow(app);
  await submitTo(app, flow, { recovery_address: first }).set('x-session-token', token).expect(400);
});
