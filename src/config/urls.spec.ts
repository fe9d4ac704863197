import { describe, expect, test } from 'vitest';
import { load } from '../../test/support/configuration-files.js';
import { Urls } from './index.js';

async function urlsOf(yaml: string): Promise<Urls> {
  const { serve, selfservice } = await load({ yaml: [yaml] });
  return new Urls(serve, selfservice);
}

const PREFIXED = 'serve: { public: { base_url: "https://id.example/api/kratos/public/" } }';

describe('Urls', () => {
  test('URLs start with the base URLs', async () => {
    const urls = await urlsOf(PREFIXED);
    expect(urls.public('/sessions/whoami')).toBe('https://id.example/api/kratos/public/sessions/whoami');
    expect(urls.public('/x', { b: '1 2', a: 'ä' })).toBe('https://id.example/api/kratos/public/x?b=1+2&a=%C3%A4');
    expect(urls.admin('/admin/identities')).toBe('http://127.0.0.1:4434/admin/identities');
  });

  test('a recovery link starts with its own base URL if set, otherwise with the public one', async () => {
    expect((await urlsOf(PREFIXED)).recoveryLink('f', 't')).toBe(
      'https://id.example/api/kratos/public/self-service/recovery?flow=f&token=t',
    );
    const own = await urlsOf('selfservice: { methods: { link: { config: { base_url: https://go.example/ } } } }');
    expect(own.recoveryLink('f', 't')).toBe('https://go.example/self-service/recovery?flow=f&token=t');
  });

  test('pages are built in unless configured', async () => {
    const urls = await urlsOf(
      `${PREFIXED}\nselfservice: { flows: { settings: { ui_url: 'https://app.example/s?a=b#top' } } }`,
    );
    expect(urls.ui('login', { flow: 'f' })).toBe('https://id.example/api/kratos/public/ui/login?flow=f');
    expect(urls.ui('settings', { flow: 'f' })).toBe('https://app.example/s?a=b&flow=f#top');
    expect(urls.ui('welcome')).toBe('https://id.example/api/kratos/public/ui/welcome');
    expect((['login', 'settings', 'welcome'] as const).map((page) => urls.isOwnPage(page))).toEqual([
      true,
      false,
      true,
    ]);
  });

  test('the welcome page is the default return URL', async () => {
    const urls = await urlsOf('selfservice: { default_browser_return_url: https://app.example/in }');
    expect([urls.ui('welcome'), urls.isOwnPage('welcome')]).toEqual(['https://app.example/in', false]);
  });

  test('lists origins of pages and return URLs once, and no app schemes', async () => {
    const urls = await urlsOf(`selfservice:
  default_browser_return_url: https://app.example/in
  allowed_return_urls: [https://app.example/other, https://second.example:8443/x, myapp://back]
  flows: { error: { ui_url: https://errors.example/e } }`);
    expect(urls.uiOrigins()).toEqual(['https://errors.example', 'https://app.example', 'https://second.example:8443']);
  });

  test('includes the origins where a flow may end', async () => {
    const urls = await urlsOf(`selfservice:
  default_browser_return_url: https://app.example/in
  flows:
    settings: { after: { default_browser_return_url: https://s.example/a, profile: { default_browser_return_url: https://p.example/ } } }
    recovery: { after: { default_browser_return_url: https://r.example/done } }
    login: { after: { password: { default_browser_return_url: https://l.example/ } } }
    logout: { after: { default_browser_return_url: https://o.example/ } }`);
    expect(urls.uiOrigins()).toEqual([
      'https://app.example',
      'https://s.example',
      'https://p.example',
      'https://l.example',
      'https://r.example',
      'https://o.example',
    ]);
  });
});
