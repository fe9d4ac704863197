import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.js';
import { Browser } from '../support/browser.js';
import { codeTo, linkTo, mailed, mailTo, nativeFlow, submitTo } from '../support/mail.js';
import { newPerson } from '../support/people.js';

let byCode: TestApp;
let byLink: TestApp;
beforeAll(async () => {
  byCode = await startTestApp({ config: mailed('code') });
  byLink = await startTestApp({ config: mailed('link') });
});
afterAll(async () => {
  await byCode.stop();
  await byLink.stop();
});

let people = 0;
const nobody = (): string => `nobody-${++people}@example.com`;
const verified = (app: TestApp, identityId: string) =>
  app.sql<{ verified: boolean; status: string }>(
    'SELECT verified, status FROM verifiable_address WHERE identity_id = $1',
    [identityId],
  );

/** The pages as a person uses them: from the empty form to the one that asks for the code. */
async function asks(app: TestApp, browser: Browser, email: string) {
  const start = await browser.get(`${app.publicUrl}/self-service/recovery/browser`);
  const form = await browser.get(start.location);
  const method = form.text.includes('value="code"') ? 'code' : 'link';
  const sent = await browser.submit(form, { method, email });
  expect(sent.location).toBe(start.location);
  return browser.get(sent.location);
}

describe('by code, in a browser', () => {
  test('the whole way: address, wrong code, code again, password', async () => {
    const { id, email } = await newPerson(byCode);
    const browser = new Browser();
    const page = await asks(byCode, browser, email);
    expect(page.text).toContain('Check your email');
    expect(page.text).toContain('name="code"');
    const first = await codeTo(byCode, email);
    const again = await browser.submit(page, { code: '', email });
    const second = await codeTo(byCode, email);
    expect(await mailTo(byCode, email)).toHaveLength(2);
    const stale = await browser.submit(await browser.get(again.location), { code: first });
    const refused = await browser.get(stale.location);
    expect(refused.text).toContain('This code is wrong or has already been used.');
    expect(await verified(byCode, id)).toEqual([{ verified: false, status: 'pending' }]);
    const done = await browser.submit(refused, { code: second });
    expect(done.location).toContain('/ui/settings?flow=');
    expect((await browser.get(done.location)).text).toContain('Choose a new password');
    expect(await verified(byCode, id)).toEqual([{ verified: true, status: 'completed' }]);
  });

  test('needs the form’s token, and is cancelled without it', async () => {
    const { email } = await newPerson(byCode);
    const browser = new Browser();
    const start = await browser.get(`${byCode.publicUrl}/self-service/recovery/browser`);
    const { action } = (await browser.get(start.location)).form();
    const answer = await browser.post(action, { method: 'code', email });
    expect(answer.location).toContain('/ui/error?id=');
    expect(await mailTo(byCode, email)).toEqual([]);
    expect((await browser.get(start.location)).status).toBe(403);
    const again = await browser.get(`${byCode.publicUrl}/self-service/recovery/browser`);
    const other = await new Browser().submit(await browser.get(again.location), { method: 'code', email });
    expect(other.location).toContain('/ui/error?id=');
    expect(await mailTo(byCode, email)).toEqual([]);
  });

  test('a request alone changes nothing about the account', async () => {
    const { id, email } = await newPerson(byCode, {
      credentials: { password: { config: { password: 'correct horse 77' } } },
    });
    const login = await byCode.publicAgent().get('/self-service/login/api').expect(200);
    const { body } = await byCode
      .publicAgent()
      .post(`/self-service/login?flow=${login.body.id}`)
      .send({ method: 'password', identifier: email, password: 'correct horse 77' })
      .expect(200);
    await submitTo(byCode, await nativeFlow(byCode), { method: 'code', email }).expect(200);
    await byCode.publicAgent().get('/sessions/whoami').set('x-session-token', body.session_token).expect(200);
    expect(await verified(byCode, id)).toEqual([{ verified: false, status: 'pending' }]);
  });
});

describe('by link, in a browser', () => {
  test('the link in the mail asks first, opens the session, and verifies the address', async () => {
    const { id, email } = await newPerson(byLink);
    const page = await asks(byLink, new Browser(), email);
    expect(page.text).toContain('Check your email');
    const other = new Browser();
    const confirm = await other.get((await other.get(await linkTo(byLink, email))).location);
    expect(await verified(byLink, id)).toEqual([{ verified: false, status: 'pending' }]);
    const done = await other.submit(confirm);
    expect(done.location).toContain('/ui/settings?flow=');
    expect(await verified(byLink, id)).toEqual([{ verified: true, status: 'completed' }]);
    const [notice, mail] = await mailTo(byLink, email);
    expect(mail).toMatchObject({
      subject: 'Recover access to your account',
      template_type: 'recovery_valid',
      status: 'queued',
    });
    expect(notice).toMatchObject({ subject: 'Your account was recovered', template_type: 'stub' });
  });

  test('an administrator’s link verifies no address', async () => {
    const { id } = await newPerson(byLink);
    const { body } = await byLink.admin().post('/admin/recovery/link').send({ identity_id: id }).expect(200);
    const browser = new Browser();
    await browser.submit(await browser.get((await browser.get(body.recovery_link as string)).location));
    expect(await byLink.sql('SELECT id FROM session WHERE identity_id = $1', [id])).toHaveLength(1);
    expect(await verified(byLink, id)).toEqual([{ verified: false, status: 'pending' }]);
  });

  test('once the person has another address, the mail to the old one no longer works', async () => {
    const { id, email } = await newPerson(byLink);
    await asks(byLink, new Browser(), email);
    const link = await linkTo(byLink, email);
    await byLink.sql(`UPDATE recovery_address SET value = $2, normalized = $2 WHERE identity_id = $1`, [id, nobody()]);
    const browser = new Browser();
    const answer = await browser.submit(await browser.get((await browser.get(link)).location));
    expect(answer.location).toContain('/ui/recovery?flow=');
    expect(await byLink.sql('SELECT id FROM session WHERE identity_id = $1', [id])).toEqual([]);
  });
});

describe('an address that is unknown, or may not recover', () => {
  const spoilt = {
    unknown: async () => nobody(),
    inactive: async () => {
      const { id, email } = await newPerson(byCode);
      await byCode.sql(`UPDATE identity SET state = 'inactive' WHERE id = $1`, [id]);
      return email;
    },
    'with a second factor': async () => {
      const { id, email } = await newPerson(byCode);
      await byCode.sql(`UPDATE identity SET available_aal = 'aal2' WHERE id = $1`, [id]);
      return email;
    },
  };
  /** Refusals are written with a delay, and may belong to the previous test. */
  const TABLES = ['recovery_flow', 'recovery_grant', 'courier_message', `audit_event WHERE outcome = 'success'`];

  async function submission(email: string) {
    const flow = await nativeFlow(byCode);
    const count = async () =>
      Promise.all(TABLES.map(async (name) => (await byCode.sql(`SELECT 1 AS one FROM ${name}`)).length));
    const before = await count();
    const sent = await submitTo(byCode, flow, { method: 'code', email }).expect(200);
    const after = await count();
    const wrong = await submitTo(byCode, flow, { method: 'code', code: 'xxxxxx' }).expect(200);
    const plain = (body: unknown) =>
      JSON.stringify(body)
        .replaceAll(flow, '<flow>')
        .replaceAll(email, '<email>')
        .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>');
    const { date: _date, 'x-request-id': _id, 'content-length': _length, ...headers } = sent.headers;
    return {
      sent: plain(sent.body),
      wrong: plain(wrong.body),
      headers,
      rows: after.map((n, i) => n - before[i]!),
      messages: (await mailTo(byCode, email)).length,
    };
  }

  test.each(Object.entries(spoilt))(
    '(%s) gets the same bytes and writes the same rows, but no mail',
    async (_name, make) => {
      const known = await submission((await newPerson(byCode)).email);
      const other = await submission(await make());
      expect(known).toMatchObject({ rows: [0, 1, 1, 1], messages: 1 });
      expect(other).toEqual({ ...known, messages: 0 });
    },
  );

  test.each(Object.entries(spoilt))(
    '(%s) is never let in, not even with the code that was made for it',
    async (_name, make) => {
      const email = await make();
      const flow = await nativeFlow(byCode);
      await submitTo(byCode, flow, { method: 'code', email }).expect(200);
      const grants = await byCode.sql<{ identity_id: string | null }>(
        'SELECT identity_id FROM recovery_grant WHERE flow_id = $1',
        [flow],
      );
      expect(grants).toEqual([{ identity_id: null }]);
      const messages = await byCode.sql('SELECT status FROM courier_message WHERE recipient = $1', [email]);
      expect(messages).toEqual([{ status: 'suppressed' }]);
    },
  );

  test('is told so without a code, if configured', async () => {
    const app = await startTestApp({ config: mailed('code', { recovery: { notify_unknown_recipients: true } }) });
    try {
      const email = nobody();
      await submitTo(app, await nativeFlow(app), { method: 'code', email }).expect(200);
      expect(await mailTo(app, email)).toMatchObject([
        { template_type: 'recovery_code_invalid', subject: 'Account access attempted', status: 'queued' },
      ]);
      expect((await mailTo(app, email))[0]!.body).not.toMatch(/\d{6}/);
    } finally {
      await app.stop();
    }
  });
});

describe('a submission', () => {
  test('finds the account in any spelling, and mail goes to the stored address', async () => {
    const { email } = await newPerson(byCode);
    for (const spelled of [` ${email.toUpperCase()} `, email.replace('person', 'ｐerson')]) {
      const before = (await mailTo(byCode, email)).length;
      const { body } = await submitTo(byCode, await nativeFlow(byCode), { method: 'code', email: spelled }).expect(200);
      expect(await mailTo(byCode, email)).toHaveLength(before + 1);
      const shown = (body.ui.nodes as { attributes: { name: string; value?: string } }[]).find(
        ({ attributes }) => attributes.name === 'email',
      );
      expect(shown!.attributes.value).toBe(spelled.trim());
      expect(await byCode.sql('SELECT id FROM courier_message WHERE recipient = $1', [spelled.trim()])).toEqual([]);
    }
  });

  test.each([
    ['array', ['ada@example.com', 'eve@example.com']],
    ['object', { $ne: '' }],
    ['number', 7],
    ['boolean', true],
  ])('must be one string; otherwise the form says what it got: %s', async (actual, email) => {
    const { body } = await submitTo(byCode, await nativeFlow(byCode), { method: 'code', email }).expect(400);
    const field = (body.ui.nodes as { attributes: { name: string }; messages: unknown[] }[]).find(
      ({ attributes }) => attributes.name === 'email',
    );
    expect(field!.messages).toEqual([
      {
        id: 4000026,
        type: 'error',
        text: `expected string, but got ${actual}`,
        context: { allowed_types: ['string'], actual_type: actual },
      },
    ]);
    expect(body).toMatchObject({ active: 'code', state: 'choose_method' });
  });

  test.each([
    'ada@example.com,eve@example.com',
    'ada@example.com\r\nBcc: eve@example.com',
    'Ada <ada@example.com>',
    'ada',
  ])('%j is not an address, and writes no message', async (email) => {
    const before = await byCode.sql('SELECT id FROM courier_message');
    const { body } = await submitTo(byCode, await nativeFlow(byCode), { method: 'code', email }).expect(400);
    const field = (body.ui.nodes as { attributes: { name: string }; messages: unknown[] }[]).find(
      ({ attributes }) => attributes.name === 'email',
    );
    expect(field!.messages).toMatchObject([{ id: 4000040 }]);
    expect(await byCode.sql('SELECT id FROM courier_message')).toHaveLength(before.length);
  });

  test('for another method than the flow’s has no strategy', async () => {
    for (const method of ['password', 'totp', undefined]) {
      const { body } = await submitTo(byCode, await nativeFlow(byCode), { method, email: nobody() }).expect(400);
      expect(body).toMatchObject({ active: 'default', ui: { messages: [{ id: 4010005 }] } });
    }
  });

  describe('for a link in a flow of codes', () => {
    const shape = (body: { ui: { nodes: { group: string; attributes: { name: string; value?: unknown } }[] } }) =>
      body.ui.nodes.map(({ group, attributes }) => `${group} ${attributes.name}`);
    const LINK_FORM = ['default csrf_token', 'link email', 'link method'];

    test('sends a working link, and turns the flow into one for links', async () => {
      const { id, email } = await newPerson(byCode);
      const flow = await nativeFlow(byCode);
      const { body } = await submitTo(byCode, flow, { method: 'link', email }).expect(200);
      expect(body).toMatchObject({ active: 'link', state: 'sent_email', ui: { messages: [{ id: 1060002 }] } });
      expect(shape(body)).toEqual(LINK_FORM);
      const mails = await mailTo(byCode, email);
      expect(mails.map(({ template_type }) => template_type)).toEqual(['recovery_valid']);
      const browser = new Browser();
      const page = await browser.get((await browser.get((await linkTo(byCode, email)).href)).location);
      expect((await browser.submit(page)).location).toContain('/ui/settings?flow=');
      expect(await byCode.sql('SELECT 1 AS one FROM session WHERE identity_id = $1', [id])).toHaveLength(1);
    });

    test('withdraws the code that was sent before', async () => {
      const { email } = await newPerson(byCode);
      const flow = await nativeFlow(byCode);
      await submitTo(byCode, flow, { method: 'code', email }).expect(200);
      const code = await codeTo(byCode, email);
      await submitTo(byCode, flow, { method: 'link', email }).expect(200);
      const { body } = await submitTo(byCode, flow, { method: 'code', code }).expect(400);
      expect(body).toMatchObject({ active: 'default', ui: { messages: [{ id: 4010005 }] } });
    });

    test('without an address says that it is missing', async () => {
      const { body } = await submitTo(byCode, await nativeFlow(byCode), { method: 'link' }).expect(400);
      expect(body).toMatchObject({ active: 'link', state: 'choose_method' });
      expect(body.ui.nodes[1]).toMatchObject({ group: 'link', messages: [{ id: 4000002 }] });
    });

    test('looks the same for an unknown address', async () => {
      const { body } = await submitTo(byCode, await nativeFlow(byCode), { method: 'link', email: nobody() }).expect(
        200,
      );
      expect(body).toMatchObject({ active: 'link', ui: { messages: [{ id: 1060002 }] } });
      expect(shape(body)).toEqual(LINK_FORM);
    });
  });

  test('cannot be sent again after too many guesses in the flow', async () => {
    const { email } = await newPerson(byCode);
    const flow = await nativeFlow(byCode);
    await submitTo(byCode, flow, { method: 'code', email }).expect(200);
    for (let i = 0; i < 5; i++) await submitTo(byCode, flow, { method: 'code', code: 'x' }).expect(200);
    const over = await submitTo(byCode, flow, { method: 'code', email }).expect(303);
    const { body } = await byCode
      .publicAgent()
      .get(over.headers['location']!.replace(byCode.publicUrl, ''))
      .expect(200);
    expect(body.ui.messages).toMatchObject([{ id: 4000001, text: expect.stringContaining('too often') }]);
    expect(await mailTo(byCode, email)).toHaveLength(1);
  });

  test('is refused if the server sends no mail', async () => {
    const app = await startTestApp();
    try {
      const { body } = await submitTo(app, await nativeFlow(app), { method: 'link', email: nobody() }).expect(400);
      expect(body.error.reason).toBe('This server does not send email. Ask its operator for a recovery link.');
    } finally {
      await app.stop();
    }
  });
});
