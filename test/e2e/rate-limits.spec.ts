import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.js';
import { Browser } from '../support/browser.js';
import { freshDatabase } from '../support/database.js';
import { newPerson, type Person } from '../support/people.js';
import { ask, attempts, limited, login, newNetwork, NOBODY, shape, statuses, stopAll } from '../support/rate-limits.js';
import { PASSWORD, person } from '../support/sign-in.js';

afterAll(stopAll);

describe('signing in', () => {
  let app: TestApp;
  let anna: Person;
  beforeAll(async () => {
    app = await limited({ login_network: '20/1h', login_identifier: '3/1h', login_identifier_total: '7/1h' });
    anna = await person(app);
  });

  test('one identifier too often is 429, with the time to come back in standard headers', async () => {
    const from = newNetwork();
    const answers = await attempts(4, () => login(app, anna, { from }));
    expect(statuses(answers)).toEqual([400, 400, 400, 429]);
    const { headers, body } = answers[3]!;
    const wait = Number(headers['retry-after']);
    expect(wait).toBeGreaterThan(3500);
    expect(wait).toBeLessThanOrEqual(3600);
    expect(headers).toMatchObject({
      'ratelimit-limit': '3',
      'ratelimit-remaining': '0',
      'ratelimit-reset': String(wait),
      'ratelimit-policy': '3;w=3600',
      'cache-control': 'private, no-cache, no-store, must-revalidate',
    });
    const wayOut = `${app.publicUrl}/self-service/recovery/browser`;
    expect(body).toEqual({
      error: {
        id: 'rate_limited',
        code: 429,
        status: 'Too Many Requests',
        reason: `Too many tries. Please try again in 60 minutes, or have a link emailed to you: ${wayOut}.`,
        details: { recovery_url: wayOut },
        message: 'Too many requests were made',
      },
    });
    expect(headers['set-cookie']).toBeUndefined();
  });

  test('an unknown identifier meets the same limit with the same answers', async () => {
    const bert = await person(app);
    const [known, unknown] = [newNetwork(), newNetwork()];
    const [one, other] = [
      await attempts(5, () => login(app, bert, { from: known })),
      await attempts(5, () => login(app, NOBODY, { from: unknown })),
    ];
    expect(one.slice(3).map(shape)).toEqual(other.slice(3).map(shape));
    expect(statuses(one)).toEqual(statuses(other));
  });

  test('another spelling of an identifier counts as the same', async () => {
    const from = newNetwork();
    const carl = await person(app);
    const spellings = [carl.email, carl.email.toUpperCase(), ` ${carl.email} `, carl.email.replace('p', 'ｐ')];
    const answers = await attempts(4, (at) => login(app, { ...carl, email: spellings[at]! }, { from }));
    expect(statuses(answers)).toEqual([400, 400, 400, 429]);
  });

  test('a right password is counted like a wrong one: beyond the limit it does not help', async () => {
    const from = newNetwork();
    const dora = await person(app);
    await attempts(3, () => login(app, dora, { from }));
    expect((await login(app, dora, { from, password: PASSWORD })).status).toBe(429);
  });

  test('a stranger uses up their own attempts, not the owner’s', async () => {
    const [stranger, owner] = [newNetwork(), newNetwork()];
    const emil = await person(app);
    await attempts(5, () => login(app, emil, { from: stranger }));
    expect((await login(app, emil, { from: owner, password: PASSWORD })).status).toBe(200);
  });

  test('the right password resets the count for its owner', async () => {
    const from = newNetwork();
    const fay = await person(app);
    for (const round of [1, 2, 3]) {
      expect(statuses(await attempts(2, () => login(app, fay, { from }))), `round ${round}`).toEqual([400, 400]);
      expect((await login(app, fay, { from, password: PASSWORD })).status).toBe(200);
    }
  });

  test('many networks together are limited too', async () => {
    const gus = await person(app);
    const answers = await attempts(8, () => login(app, gus, { from: newNetwork() }));
    expect(statuses(answers)).toEqual([...Array<number>(7).fill(400), 429]);
  });

  test('one network that tries many identifiers is limited', async () => {
    const from = newNetwork();
    const answers = await attempts(21, (at) => login(app, { id: '', email: `many.${at}@example.com` }, { from }));
    expect(statuses(answers)).toEqual([...Array<number>(20).fill(400), 429]);
  });

  test('an incomplete form is no guess', async () => {
    const from = newNetwork();
    const answers = await attempts(6, () => login(app, { id: '', email: '' }, { from }));
    expect(new Set(statuses(answers))).toEqual(new Set([400]));
  });
});

describe('a person’s browser', () => {
  test('gets a page that says how long to wait; nothing is stored', async () => {
    const app = await limited({ login_network: '1/1h' });
    const browser = new Browser();
    const form = await browser.get((await browser.get(`${app.publicUrl}/self-service/login/browser`)).location);
    const fields = { identifier: 'anna@example.com', password: 'wrong', method: 'password' };
    await browser.submit(form, fields);
    const page = await browser.submit(form, fields);
    expect(page.status).toBe(429);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(Number(page.headers.get('retry-after'))).toBeGreaterThan(3500);
    expect(page.headers.get('ratelimit-limit')).toBe('1');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(page.text).toContain('Too many tries');
    expect(page.text).toContain('Please wait 60 minutes, then try again.');
    expect(await app.sql('SELECT id FROM flow_error')).toEqual([]);
  });
});

describe('issuing', () => {
  test('is limited per access token, not per network', async () => {
    const app = await limited({ issue_actor: '2/1h' });
    const { id } = await newPerson(app);
    const issue = (token: string, kind = 'link') =>
      app.admin(token).post(`/admin/recovery/${kind}`).send({ identity_id: id });
    const [one, other] = [await app.token('recovery:issue'), await app.token('recovery:issue')];
    const answers = [await issue(one), await issue(one, 'code'), await issue(one), await issue(other)];
    expect(statuses(answers)).toEqual([200, 201, 429, 200]);
    expect(answers[2]!.body).toMatchObject({ error: { code: 429, status: 'Too Many Requests' } });
    expect((await issue('ory_pat_wrong')).status).toBe(401);
  });
});

describe('the count', () => {
  test('starts again when the window is over', async () => {
    const app = await limited({ login_identifier: '1/1s' });
    const from = newNetwork();
    const burst = await Promise.all([1, 2, 3].map(() => login(app, NOBODY, { from })));
    const refused = burst.find(({ status }) => status === 429);
    expect(refused?.headers['retry-after']).toBe('1');
    await new Promise((done) => setTimeout(done, 1100));
    expect((await login(app, NOBODY, { from })).status).toBe(400);
  });

  test('is shared by all nodes on a database', async () => {
    const database = await freshDatabase();
    const nodes = await Promise.all(
      [1, 2].map(() => limited({ login_identifier: '4/1h' }, { databaseUrl: database.url })),
    );
    const from = newNetwork();
    const answers = await attempts(8, (at) => login(nodes[at % 2]!, NOBODY, { from }));
    expect(statuses(answers)).toEqual([400, 400, 400, 400, 429, 429, 429, 429]);
  });

  test('is per /64 of IPv6, in any notation, and not its neighbour', async () => {
    const app = await limited({ login_network: '3/1h' });
    const spellings = [
      '2001:db8:0:1::1',
      '2001:DB8:0:1::2',
      '2001:0db8:0000:0001:ffff:ffff:ffff:ffff',
      '2001:db8:0:1::',
    ];
    expect(statuses(await attempts(4, (at) => login(app, NOBODY, { from: spellings[at]! })))).toEqual([
      400, 400, 400, 429,
    ]);
    expect((await login(app, NOBODY, { from: '2001:db8:0:2::1' })).status).toBe(400);
  });

  test('is per network of the connection, whatever X-Forwarded-For says, without trusted proxies', async () => {
    const config = { regain: { rate_limits: { login_network: '3/1h' } } };
    const app = await startTestApp({ config });
    onTestFinished(() => app.stop());
    const answers = await attempts(5, () => login(app, NOBODY, { from: newNetwork() }));
    expect(statuses(answers)).toEqual([400, 400, 400, 429, 429]);
  });

  test('stores no address and no network in plain text', async () => {
    const app = await limited({});
    const anna = await newPerson(app);
    await ask(app, anna.email, '198.51.100.77');
    await login(app, anna, { from: '198.51.100.77' });
    const rows = await app.sql<{ key: string }>('SELECT key FROM rate_limit');
    expect(rows.length).toBeGreaterThan(5);
    for (const { key } of rows) expect(key).toMatch(/^[a-z_]+:[A-Za-z0-9_-]{43}$/);
  });

  test('refusals are sampled in the audit trail, without what was named', async () => {
    const app = await limited({ login_network: '1/1h' });
    const from = newNetwork();
    await attempts(4, () => login(app, NOBODY, { from }));
    await expect
      .poll(() =>
        app.sql('SELECT action, outcome, target_type, target_id, network FROM audit_event WHERE action LIKE $1', [
          'rate_limit.%',
        ]),
      )
      .toContainEqual({
        action: 'rate_limit.exceeded',
        outcome: 'refused',
        target_type: 'rate_limit',
        target_id: 'login_network',
        network: from,
      });
  });
});

describe('configuration', () => {
  test('none switches a limit off, and counts nothing', async () => {
    const off = { login_network: 'none', login_identifier: 'none', login_identifier_total: 'none' };
    const app = await limited(off);
    expect(new Set(statuses(await attempts(15, () => login(app, NOBODY))))).toEqual(new Set([400]));
    expect(await app.sql('SELECT key FROM rate_limit')).toEqual([]);
  });

  test('as in Kratos: no limit applies, and the start says so', async () => {
    const app = await limited({}, { parity: true });
    expect(app.configuration.regain.rate_limits).toMatchObject({ login_network: '100000/1m', issue_actor: 'none' });
    expect(app.configuration.deviations.join()).toContain('regain.rate_limits: ');
    expect(new Set(statuses(await attempts(15, () => login(app, NOBODY))))).toEqual(new Set([400]));
  });
});
