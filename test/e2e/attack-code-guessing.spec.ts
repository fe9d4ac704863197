import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.js';
import { codeTo, linkTo, mailed, mailTo, nativeFlow, newCode, otherThan, submitTo } from '../support/mail.js';
import { newPerson } from '../support/people.js';

const MAILS = 6;
const GUESSES = 8;
const PER_FLOW = 5;

let app: TestApp;
beforeAll(async () => {
  const rate_limits = { recovery_mails: `${MAILS}/1h`, code_address: `${GUESSES}/1h` };
  const config = mailed('code', { regain: { rate_limits, serve: { trusted_proxies: ['127.0.0.1'] } } });
  app = await startTestApp({ config });
});
afterAll(() => app.stop());

const submit = (flow: string, fields: object, from: string) =>
  submitTo(app, flow, { method: 'code', ...fields }).set('x-forwarded-for', from);
const sessions = (id: string) => app.sql('SELECT id FROM session WHERE identity_id = $1', [id]);

/** The last mail of a window contains a link. */
const CODES = MAILS - 1;

/**
 * Starts flows for the address, each from its own network, until no more mail is sent; resolves to those that got a
 * code.
 */
async function flowsFor(email: string): Promise<{ flow: string; code: string }[]> {
  const flows: { flow: string; code: string }[] = [];
  for (let at = 0; at < 2 * MAILS; at++) {
    const flow = await nativeFlow(app);
    await submit(flow, { email }, `203.0.113.${at}`).expect(200);
    const code = await codeTo(app, email);
    if (code !== '') flows.push({ flow, code });
  }
  return flows;
}

/** security.md T-32: the limit of one flow doesn't stop an attacker who starts a thousand. */
test('many flows give a guesser no more guesses than one address allows, concurrent or not', async () => {
  const { id, email } = await newPerson(app);
  const flows = await flowsFor(email);
  expect(flows).toHaveLength(CODES);
  expect(await mailTo(app, email)).toHaveLength(MAILS);

  const wrong = flows.flatMap(({ flow, code }) => [flow, flow].map((each) => ({ flow: each, code: otherThan(code) })));
  await Promise.all(wrong.map(({ flow, code }) => submit(flow, { code }, '203.0.113.200')));
  expect(wrong.length).toBeGreaterThan(GUESSES);
  const lucky = await Promise.all(flows.map(({ flow, code }) => submit(flow, { code }, '203.0.113.200')));

  expect(await sessions(id)).toEqual([]);
  const refusals = lucky.map(({ body }) => (body as { ui: { messages: { id: number }[] } }).ui.messages[0]!.id);
  expect(new Set(refusals)).toEqual(new Set([4060006]));
});

test('even from a thousand networks, no more guesses are compared than the mails allow', async () => {
  const { email } = await newPerson(app);
  const flows = await flowsFor(email);
  const tries = flows.flatMap(({ flow, code }) => Array.from({ length: 3 * PER_FLOW }, () => [flow, code] as const));
  await Promise.all(tries.map(([flow, code], at) => submit(flow, { code: otherThan(code) }, `192.0.2.${at % 250}`)));
  const [row] = await app.sql<{ counted: string }>(
    `SELECT sum(submit_count) AS counted FROM recovery_flow WHERE submitted->>'email' = $1`,
    [email],
  );
  expect(Number(row!.counted)).toBe(CODES * PER_FLOW);
});

test('meanwhile the owner gets in from elsewhere', async () => {
  const { id, email } = await newPerson(app);
  const stolen = await nativeFlow(app);
  await submit(stolen, { email }, '203.0.113.201');
  for (let at = 0; at < GUESSES + 2; at++) await submit(stolen, { code: '000000' }, '203.0.113.201');
  const own = await nativeFlow(app);
  await submit(own, { email }, '203.0.113.202');
  await submit(own, { code: await codeTo(app, email) }, '203.0.113.202');
  expect(await sessions(id)).toHaveLength(1);
});

/* Regression: fifty guesses from fifty networks on ten flows of one address were all compared, every day anew. */
describe('for one account’s short codes', () => {
  const MOST = 20;
  let limited: TestApp;
  beforeAll(async () => {
    const rate_limits = { code_account: `${MOST}/24h` };
    limited = await startTestApp({
      config: mailed('code', { regain: { rate_limits, serve: { trusted_proxies: ['127.0.0.1'] } } }),
    });
  });
  afterAll(() => limited.stop());

  const from = (n: number): string => `198.18.${n % 250}.${Math.floor(n / 250) + 1}`;
  const begin = async (email: string, network: string): Promise<string> => {
    const flow = await nativeFlow(limited);
    await submitTo(limited, flow, { method: 'code', email }).set('x-forwarded-for', network);
    return flow;
  };
  const enter = (flow: string, code: string, network: string) =>
    submitTo(limited, flow, { method: 'code', code }).set('x-forwarded-for', network);
  const compared = () => limited.sql<{ guesses: number }>('SELECT cardinality(guessed_at) AS guesses FROM code_guess');
  const signedIn = (id: string) => limited.sql('SELECT id FROM session WHERE identity_id = $1', [id]);

  test('at most twenty a day are compared, across flows and networks; the owner still gets in', async () => {
    const { id, email } = await newPerson(limited);
    const flows: { flow: string; code: string }[] = [];
    for (let n = 0; n < 12; n++) flows.push({ flow: await begin(email, from(n)), code: await codeTo(limited, email) });
    const guesses = flows.flatMap(({ flow, code }) =>
      Array.from({ length: 4 }, () => ({ flow, code: otherThan(code) })),
    );
    await Promise.all(guesses.map(({ flow, code }, n) => enter(flow, code, from(100 + n))));
    const [row] = await compared();
    const odds = row!.guesses / 10 ** 6;
    console.log(
      `guesses made: ${guesses.length}; compared within 24 h: ${row!.guesses}; odds a day: ${odds.toExponential(1)}`,
    );
    expect([row!.guesses, odds]).toEqual([MOST, 2e-5]);

    const right = await Promise.all(flows.map(({ flow, code }, n) => enter(flow, code, from(300 + n))));
    expect(await signedIn(id)).toEqual([]);
    const ids = right.map(({ body }) => (body as { ui: { messages: { id: number }[] } }).ui.messages[0]!.id);
    expect(new Set(ids)).toEqual(new Set([4060006]));

    await begin(email, from(400));
    const link = await linkTo(limited, email);
    const agent = limited.publicAgent();
    const page = await agent.get(`/ui/confirm${link.search}`).expect(200);
    const proof = /name="proof" value="([^"]+)"/.exec(page.text)![1]!;
    await agent
      .post('/self-service/recovery')
      .set('accept', 'text/html')
      .type('form')
      .send({ ...Object.fromEntries(link.searchParams), proof });
    expect(await signedIn(id)).toHaveLength(1);
  });

  test('an unknown address gets the same answers and the same counts', async () => {
    const { email } = await newPerson(limited);
    const answers = async (address: string) => {
      const seen: unknown[] = [];
      for (let n = 0; n < 6; n++) {
        const flow = await begin(address, from(500 + n));
        for (let guess = 0; guess < 4; guess++) {
          const { status, body } = await enter(flow, '000000', from(600 + n));
          const { messages } = (body as { ui: { messages: { id: number; text: string }[] } }).ui;
          seen.push([status, messages.map((message) => message.id)]);
        }
        const { status, body } = await submitTo(limited, flow, { method: 'code', email: address }).set(
          'x-forwarded-for',
          from(700 + n),
        );
        const { messages, nodes } = (body as { ui: { messages: { id: number }[]; nodes: { attributes: object }[] } })
          .ui;
        const shown = nodes.map(({ attributes }) => Object.keys(attributes).sort().join());
        seen.push([status, messages.map((message) => message.id), shown]);
      }
      return seen;
    };
    expect(await answers('nobody.has.this@example.com')).toEqual(await answers(email));
  });

  test('an administrator’s code is not such a guess, and only counts in its own flow', async () => {
    const { id, email } = await newPerson(limited);
    for (let n = 0; n < 5; n++) {
      const flow = await begin(email, from(800 + n));
      for (let guess = 0; guess < 4; guess++) await enter(flow, '000000', from(820 + n));
    }
    const issued = await newCode(limited, id);
    await enter(issued.flow, issued.code, from(850));
    expect(await signedIn(id)).toHaveLength(1);
  });
});
