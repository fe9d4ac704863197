import type { Response } from 'supertest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TestApp } from '../support/app.js';
import { newLink } from '../support/links.js';
import { codeTo, mailed, mailTo, newCode, otherThan } from '../support/mail.js';
import { newPerson } from '../support/people.js';
import { ask, attempts, guess, limited, newNetwork, NOBODY, statuses, stopAll } from '../support/rate-limits.js';

afterAll(stopAll);

describe('asking for recovery', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await limited({ recovery_network: '12/1h', recovery_address: '3/1h', recovery_mails: '5/1h' });
  });

  /** Messages that are sent; the rest is stored as suppressed, so that both look alike. */
  const sentTo = async (email: string) => (await mailTo(app, email)).filter(({ status }) => status === 'queued');

  test('an address, known or not, gets the same answers, even beyond its limits: as if it were sent', async () => {
    const anna = await newPerson(app);
    const [one, other] = [newNetwork(), newNetwork()];
    const known = await attempts(5, () => ask(app, anna.email, one));
    const unknown = await attempts(5, () => ask(app, NOBODY.email, other));
    expect(statuses(known)).toEqual([200, 200, 200, 200, 200]);
    const alike = ({ status, headers, body }: Response) => ({
      status,
      headers: Object.keys(headers as object).sort(),
      messages: (body as { ui: { messages: { id: number }[] } }).ui.messages.map(({ id }) => id),
    });
    expect(unknown.map(alike)).toEqual(known.map(alike));
    expect(await sentTo(anna.email)).toHaveLength(3);
  });

  test('a mailbox gets a limited number of messages, wherever they are requested', async () => {
    const bert = await newPerson(app);
    const answers = await attempts(8, () => ask(app, bert.email, newNetwork()));
    expect(new Set(statuses(answers))).toEqual(new Set([200]));
    expect(await sentTo(bert.email)).toHaveLength(5);
  });

  test('concurrent requests too: the count is atomic', async () => {
    const carl = await newPerson(app);
    const answers = await Promise.all(Array.from({ length: 24 }, () => ask(app, carl.email, newNetwork())));
    expect(new Set(statuses(answers))).toEqual(new Set([200]));
    expect(await sentTo(carl.email)).toHaveLength(5);
  });

  test('the last message contains a link that works as long as nothing more is sent', async () => {
    const dora = await newPerson(app);
    for (let at = 0; at < 8; at++) await ask(app, dora.email, newNetwork());
    const [last, ...before] = await sentTo(dora.email);
    expect(before.map(({ template_type }) => template_type)).toEqual(Array(4).fill('recovery_code_valid'));
    expect(last!.template_type).toBe('recovery_valid');
    const [grant] = await app.sql<{ seconds: string }>(
      `SELECT extract(epoch FROM expires_at - created_at) AS seconds FROM recovery_grant WHERE kind = 'link' AND identity_id = $1`,
      [dora.id],
    );
    expect(Number(grant!.seconds)).toBeGreaterThanOrEqual(3600);
  });

  test('if links are off it is a long code, which works in any flow of its owner', async () => {
    const regain = { rate_limits: { recovery_mails: '5/1h' }, serve: { trusted_proxies: ['127.0.0.1'] } };
    const config = mailed('code', { regain }) as { selfservice: { methods: object } };
    config.selfservice.methods = {
      code: { enabled: true, config: { lifespan: '10m' } },
      link: { enabled: false },
    };
    const codes = await limited({}, { config });
    const emil = await newPerson(codes);
    for (let at = 0; at < 8; at++) await ask(codes, emil.email, newNetwork());
    const mail = (await mailTo(codes, emil.email)).find(({ status }) => status === 'queued')!;
    const code = /\b[0-9A-Z]{4}(-[0-9A-Z]{4}){3}\b/.exec(mail.body)![0];
    const owner = newNetwork();
    const own = await ask(codes, emil.email, owner);
    const node = (own.body as { ui: { nodes: { attributes: { name: string } }[] } }).ui.nodes.find(
      ({ attributes }) => attributes.name === 'code',
    )!;
    expect(node.attributes).not.toHaveProperty('maxlength');
    const stranger = await ask(codes, 'somebody.else@example.com', owner);
    await guess(codes, stranger.flow, code, owner);
    expect(await codes.sql('SELECT id FROM session WHERE identity_id = $1', [emil.id])).toEqual([]);
    await guess(codes, own.flow, ` ${code.toLowerCase()} `, owner);
    expect(await codes.sql('SELECT id FROM session WHERE identity_id = $1', [emil.id])).toHaveLength(1);
    const again = await ask(codes, emil.email, owner);
    await guess(codes, again.flow, code, owner);
    expect(await codes.sql('SELECT id FROM session WHERE identity_id = $1', [emil.id])).toHaveLength(1);
  });

  test('of two concurrent flows, a long code opens one', async () => {
    const regain = { rate_limits: { recovery_mails: '2/1h' }, serve: { trusted_proxies: ['127.0.0.1'] } };
    const config = mailed('code', { regain }) as { selfservice: { methods: object } };
    config.selfservice.methods = { code: { enabled: true }, link: { enabled: false } };
    const codes = await limited({}, { config });
    const fred = await newPerson(codes);
    for (let at = 0; at < 4; at++) await ask(codes, fred.email, newNetwork());
    const mail = (await mailTo(codes, fred.email)).find(({ status }) => status === 'queued')!;
    const code = /\b[0-9A-Z]{4}(-[0-9A-Z]{4}){3}\b/.exec(mail.body)![0];
    const networks = Array.from({ length: 4 }, newNetwork);
    const flows: string[] = [];
    for (const network of networks) flows.push((await ask(codes, fred.email, network)).flow);
    await Promise.all(flows.map((flow, at) => guess(codes, flow, code, networks[at]!)));
    expect(await codes.sql('SELECT id FROM session WHERE identity_id = $1', [fred.id])).toHaveLength(1);
    expect(
      await codes.sql('SELECT id FROM recovery_grant WHERE identity_id = $1 AND used_at IS NOT NULL', [fred.id]),
    ).toHaveLength(1);
  });

  test('one network that asks for many addresses is limited', async () => {
    const from = newNetwork();
    const answers = await attempts(13, (at) => ask(app, `many.${at}@example.com`, from));
    expect(statuses(answers)).toEqual([...Array<number>(12).fill(200), 429]);
  });
});

describe('guessing codes', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await limited({ code_network: '12/1h', code_address: '3/1h' });
  });
  const WRONG = 4060006;
  const messages = ({ body }: Response) => (body as { ui?: { messages?: { id: number }[] } }).ui?.messages ?? [];

  test('many flows do not give many guesses: beyond the limit even the right code counts as wrong', async () => {
    const anna = await newPerson(app);
    const from = newNetwork();
    const { flow: first } = await ask(app, anna.email, newNetwork());
    const code = await codeTo(app, anna.email);
    const before = await attempts(3, () => guess(app, first, otherThan(code), from));
    const { flow: second } = await ask(app, anna.email, newNetwork());
    const right = await codeTo(app, anna.email);
    const after = await guess(app, second, right, from);
    for (const answer of [...before, after]) {
      expect(answer.status).toBe(before[0]!.status);
      expect(messages(answer).map(({ id }) => id)).toEqual([WRONG]);
    }
    expect(Object.keys(after.headers as object).sort()).toEqual(Object.keys(before[0]!.headers as object).sort());
    expect(await app.sql('SELECT id FROM session WHERE identity_id = $1', [anna.id])).toEqual([]);
  });

  test('someone who guesses for another person’s address does not shut its owner out', async () => {
    const bert = await newPerson(app);
    const [stranger, owner] = [newNetwork(), newNetwork()];
    const { flow } = await ask(app, bert.email, stranger);
    await attempts(5, () => guess(app, flow, '000000', stranger));
    const { flow: own } = await ask(app, bert.email, owner);
    await guess(app, own, await codeTo(app, bert.email), owner);
    expect(await app.sql('SELECT id FROM session WHERE identity_id = $1', [bert.id])).toHaveLength(1);
  });

  test('nor do they spoil an administrator’s code', async () => {
    const carl = await newPerson(app);
    const from = newNetwork();
    const { flow } = await ask(app, carl.email, from);
    await attempts(4, () => guess(app, flow, '000000', from));
    const issued = await newCode(app, carl.id);
    await guess(app, issued.flow, issued.code, from);
    expect(await app.sql('SELECT id FROM session WHERE identity_id = $1', [carl.id])).toHaveLength(1);
  });

  test('the same for an unknown address', async () => {
    const from = newNetwork();
    const { flow } = await ask(app, NOBODY.email, newNetwork());
    const { flow: next } = await ask(app, NOBODY.email, newNetwork());
    const answers = [
      ...(await attempts(3, () => guess(app, flow, '123456', from))),
      ...(await attempts(2, () => guess(app, next, '123456', from))),
    ];
    expect(answers.map((answer) => messages(answer).map(({ id }) => id))).toEqual(Array(5).fill([WRONG]));
  });

  test('a network is refused in the end', async () => {
    const from = newNetwork();
    const answers: Response[] = [];
    for (let at = 0; at < 5; at++) {
      const { flow } = await ask(app, `network.${at}@example.com`, newNetwork());
      answers.push(...(await attempts(3, () => guess(app, flow, '000000', from))));
    }
    expect(statuses(answers).indexOf(429)).toBe(12);
    expect(statuses(answers).slice(12)).toEqual([429, 429, 429]);
  });
});

describe('following links', () => {
  test('links that do not work are limited; a valid one from the same network still works', async () => {
    const config = {
      regain: { recovery: { redeem_on: 'get', hand_over: false }, rate_limits: { link_network: '3/1h' } },
    };
    const app = await limited({}, { config });
    const anna = await newPerson(app);
    const good = await newLink(app, anna.id);
    const bad = new URL(good);
    bad.searchParams.set('token', 'x'.repeat(32));
    const follow = (url: URL) =>
      app
        .publicAgent()
        .get(url.pathname + url.search)
        .set('accept', 'text/html');
    expect(statuses(await attempts(5, () => follow(bad)))).toEqual([303, 303, 303, 429, 429]);
    const opened = await follow(good);
    expect(opened.status).toBe(303);
    expect(opened.headers['location']).toContain('/ui/settings?flow=');
  });
});
