import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.js';

const SUPPORT = 'help@acme.example';
let app: TestApp;

beforeAll(async () => {
  app = await startTestApp({ config: { regain: { ui: { support: SUPPORT, brand: { name: 'Acme' } } } } });
});
afterAll(() => app?.stop());

let people = 0;

async function newLink(): Promise<{ link: string; email: string; identity: string }> {
  const email = `pages-${++people}@example.com`;
  const created = await app
    .admin()
    .post('/admin/identities')
    .send({ schema_id: 'person', traits: { email } })
    .expect(201);
  const { id } = created.body as { id: string };
  const issued = await app.admin().post('/admin/recovery/link').send({ identity_id: id }).expect(200);
  return { link: (issued.body as { recovery_link: string }).recovery_link, email, identity: id };
}

/** A browser: keeps cookies, requests pages, follows redirects one by one. */
function browser() {
  const agent = app.publicAgent();
  const path = (address: string): string => address.replace(app.publicUrl, '');
  return {
    get: (address: string) => agent.get(path(address)).set('accept', 'text/html'),
    post: (address: string, fields: Record<string, string>) =>
      agent.post(path(address)).set('accept', 'text/html').type('form').send(fields),
  };
}

const field = (html: string, name: string): string =>
  new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1]?.replaceAll('&amp;', '&') ?? '';
const action = (html: string): string => (/<form action="([^"]*)"/.exec(html)?.[1] ?? '').replaceAll('&amp;', '&');
const title = (html: string): string => /<h1>([^<]*)/.exec(html)?.[1] ?? '';

async function redeem(person: ReturnType<typeof browser>, link: string): Promise<string> {
  const followed = await person.get(link).expect(303);
  const page = await person.get(followed.headers.location ?? '').expect(200);
  const fields = Object.fromEntries(['flow', 'token', 'proof', 'method'].map((name) => [name, field(page.text, name)]));
  const redeemed = await person.post(action(page.text), fields).expect(303);
  return redeemed.headers.location ?? '';
}

describe('from a link to a password', () => {
  test('link, confirmation, password, sign out, sign in', async () => {
    const { link, email } = await newLink();
    const person = browser();
    const settingsUrl = await redeem(person, link);
    expect(settingsUrl).toContain(`${app.publicUrl}/ui/settings?flow=`);

    const settings = await person.get(settingsUrl).expect(200);
    expect(title(settings.text)).toBe('Choose a new password');
    expect(settings.text).toContain('within the next 60 minutes</strong>. After that,');
    expect(settings.text).toContain(email);

    const form = { csrf_token: field(settings.text, 'csrf_token'), method: 'password' };
    const refused = await person.post(action(settings.text), { ...form, password: 'short' }).expect(303);
    const again = await person.get(refused.headers.location ?? '').expect(200);
    expect(title(again.text)).toBe('Choose a new password');
    expect(again.text).toContain('This password is too short.');

    const password = 'four unrelated words here';
    const saved = await person
      .post(action(again.text), { ...form, csrf_token: field(again.text, 'csrf_token'), password })
      .expect(303);
    const done = await person.get(saved.headers.location ?? '').expect(200);
    expect(title(done.text)).toBe('All set');

    const signOut = /<a href="([^"]*)">Sign out/.exec(done.text)?.[1]?.replaceAll('&amp;', '&') ?? '';
    const out = await person.get(signOut).expect(303);
    expect(title((await person.get(out.headers.location ?? '').expect(200)).text)).toBe('You’re signed out');

    const start = await person.get('/ui/login').expect(303);
    const login = await person
      .get((await person.get(start.headers.location ?? '').expect(303)).headers.location ?? '')
      .expect(200);
    const credentials = { csrf_token: field(login.text, 'csrf_token'), method: 'password', identifier: email };
    const wrong = await person.post(action(login.text), { ...credentials, password: 'not it at all' }).expect(303);
    expect((await person.get(wrong.headers.location ?? '').expect(200)).text).toContain('That didn’t match.');
    const signedIn = await person.post(action(login.text), { ...credentials, password }).expect(303);
    const welcome = await person.get(signedIn.headers.location ?? '').expect(200);
    expect(welcome.text).toContain(`You’re signed in as <strong>${email}</strong>`);
  });

  test('a used link says so, and where to get help', async () => {
    const { link } = await newLink();
    await redeem(browser(), link);
    const second = browser();
    const page = await second.get(await redeem(second, link)).expect(200);
    expect(title(page.text)).toBe('This link no longer works');
    expect(page.text).toContain(`Contact <a href="mailto:${SUPPORT}">${SUPPORT}</a> for a new recovery link.`);
    expect(page.text).not.toContain('<form');
  });

  test('once the privileged time is over, settings offer a way to continue, and login says that a new link is needed', async () => {
    const { link, identity } = await newLink();
    const person = browser();
    const settingsUrl = await redeem(person, link);
    await app.sql(
      `UPDATE session SET authenticated_at = authenticated_at - interval '2 hours' WHERE identity_id = $1`,
      [identity],
    );
    const late = (await person.get(settingsUrl).expect(200)).text;
    expect(late).toContain('Confirm it’s you to change your password');
    const again = /<a class="main" href="([^"]*)">Sign in again/.exec(late)?.[1]?.replaceAll('&amp;', '&') ?? '';
    const login = await person.get((await person.get(again).expect(303)).headers.location ?? '').expect(200);
    expect(title(login.text)).toBe('You need a new recovery link');
    expect(login.text).toContain(`mailto:${SUPPORT}`);
  });
});

describe('the confirm page', () => {
  test('is the same for valid and invalid links, is not cached, framed or leaked by referrers, and reads nothing', async () => {
    const { link } = await newLink();
    const token = new URL(link).searchParams.get('token') ?? '';
    const good = await browser().get(link.replace('/self-service/recovery', '/ui/confirm')).expect(200);
    const bad = await browser().get('/ui/confirm?flow=00000000-0000-4000-8000-000000000000&token=wrong').expect(200);
    const plain = (html: string): string => html.replaceAll(/value="[^"]*"/g, '');
    expect(plain(good.text)).toBe(plain(bad.text));
    expect(field(good.text, 'token')).toBe(token);
    expect(good.headers).toMatchObject({
      'cache-control': expect.stringContaining('no-store') as string,
      'referrer-policy': 'no-referrer',
      'x-robots-tag': 'noindex, nofollow',
      'x-content-type-options': 'nosniff',
      'cross-origin-opener-policy': 'same-origin',
      'content-type': 'text/html; charset=utf-8',
    });
    expect(good.headers['content-security-policy']).toBe(
      `default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self' ${app.publicUrl}; base-uri 'none'; frame-ancestors 'none'; object-src 'none'`,
    );
  });

  test('says who is signed in', async () => {
    const first = await newLink();
    const person = browser();
    await redeem(person, first.link);
    const other = await newLink();
    const page = await person.get((await person.get(other.link).expect(303)).headers.location ?? '').expect(200);
    expect(page.text).toContain(`You’re signed in as <strong>${first.email}</strong>`);
  });

  test('half a link is explained', async () => {
    const page = await browser().get('/ui/confirm?flow=00000000-0000-4000-8000-000000000000').expect(400);
    expect(title(page.text)).toBe('This link is incomplete');
    expect(page.text).toContain(SUPPORT);
  });
});

describe('ways in', () => {
  test.each(['/ui', '/ui/', '/ui/?from=mail'])(
    '%s redirects to the first page, which has its stylesheet',
    async (address) => {
      const answer = await browser().get(address).expect(303);
      expect(answer.headers.location).toBe(`${app.publicUrl}/ui/welcome`);
      const page = await browser()
        .get(answer.headers.location ?? '')
        .expect(200);
      expect(title(page.text)).toBe('You’re signed out');
    },
  );

  test.each(['/', '/ui/nowhere', '/ui//', '/ui/login/more', '/uix'])('%s is not found', async (address) => {
    await browser().get(address).expect(404, '404 page not found\n');
  });

  test.each(['login', 'recovery', 'settings'])(
    '%s without a flow, or with an unknown one, starts one',
    async (page) => {
      const start = `${app.publicUrl}/self-service/${page}/browser`;
      expect((await browser().get(`/ui/${page}`).expect(303)).headers.location).toBe(start);
      const gone = await browser().get(`/ui/${page}?flow=00000000-0000-4000-8000-000000000000`).expect(303);
      const signIn = `${app.publicUrl}/self-service/login/browser?return_to=${encodeURIComponent(start)}`;
      expect(gone.headers.location).toBe(page === 'settings' ? signIn : start);
    },
  );

  test('another browser’s form is refused in words', async () => {
    const started = await browser().get('/self-service/login/browser').expect(303);
    const page = await browser()
      .get(started.headers.location ?? '')
      .expect(403);
    expect(title(page.text)).toBe('This page has expired');
  });

  test('a stored error is explained in words, without what it quotes', async () => {
    const kept = await browser().get('/self-service/login/browser?return_to=https://evil.example/').expect(303);
    const page = await browser()
      .get(kept.headers.location ?? '')
      .expect(200);
    expect(title(page.text)).toBe('We can’t take you back there');
    expect(page.text).not.toContain('evil');
    expect(page.text).toContain(new URL(kept.headers.location ?? '').searchParams.get('id') ?? 'no id');
    expect(title((await browser().get('/ui/error?id=unknown').expect(404)).text)).toBe('We can’t find this page');
  });

  test('a flow’s own return_to is added to where its form may lead', async () => {
    const own = await startTestApp({
      config: { selfservice: { allowed_return_urls: ['https://app.example.com/inside'] } },
    });
    try {
      const agent = own.publicAgent();
      const started = await agent
        .get('/self-service/login/browser?return_to=https://app.example.com/inside/x')
        .set('accept', 'text/html')
        .expect(303);
      const page = await agent.get((started.headers.location ?? '').replace(own.publicUrl, '')).expect(200);
      expect(page.headers['content-security-policy']).toContain(
        `form-action 'self' ${own.publicUrl} https://app.example.com;`,
      );
    } finally {
      await own.stop();
    }
  });
});

test('the stylesheet that pages name is cached for good', async () => {
  const page = await browser().get('/ui/welcome').expect(200);
  const href = /<link rel="stylesheet" href="([^"]*)"/.exec(page.text)?.[1] ?? '';
  const css = await browser().get(`/ui/${href}`).expect(200);
  expect(css.headers['content-type']).toBe('text/css; charset=utf-8');
  expect(css.headers['cache-control']).toBe('public, max-age=31536000, immutable');
  await browser().get('/ui/assets/other.css').expect(404, '404 page not found\n');
});

test('with the pages off, everything under /ui is not found', async () => {
  const pages = Object.fromEntries(
    ['error', 'settings', 'recovery', 'login'].map((page) => [page, { ui_url: `https://ui.example/${page}` }]),
  );
  const own = await startTestApp({
    config: {
      regain: { ui: { enabled: false }, recovery: { redeem_on: 'get', hand_over: false } },
      selfservice: { default_browser_return_url: 'https://ui.example/', flows: pages },
    },
  });
  try {
    for (const page of ['', '/', '/welcome', '/login', '/confirm?flow=x&token=y', '/assets/style.css']) {
      await own.publicAgent().get(`/ui${page}`).expect(404, '404 page not found\n');
    }
  } finally {
    await own.stop();
  }
});
