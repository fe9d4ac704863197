import { describe, expect, test } from 'vitest';
import { complaintsOf, load } from '../../test/support/configuration-files.js';
import { probablyMeant } from './did-you-mean.js';
import { FORMER_KEYS } from './former-keys.table.js';
import { knownPaths } from './known-paths.js';

test.each([
  ['', 'sesion', 'session'],
  ['', 'DSN', 'dsn'],
  ['log', 'levle', 'level'],
  ['selfservice', 'alowed_return_url', 'allowed_return_urls'],
  ['selfservice.flows.recovery', 'ui', 'ui_url'],
  ['selfservice.flows.registration', 'enable', 'enabled'],
  ['selfservice.methods.password', 'max_breaches', 'selfservice.methods.password.config.max_breaches'],
  ['', 'privileged_session_max_age', 'selfservice.flows.settings.privileged_session_max_age'],
])('below "%s", %s probably meant %s', (parent, given, meant) => {
  expect(probablyMeant(parent, given)).toBe(meant);
});

test.each([
  ['selfservice.methods.link.config', 'ttl'],
  ['serve.public', 'enabled'],
  ['', 'keep'],
  ['', 'kratos'],
  ['nowhere', 'at_all'],
])('below "%s", %s means nothing that we know', (parent, given) => {
  expect(probablyMeant(parent, given)).toBeUndefined();
});

describe('a key that Kratos had once', () => {
  test.each(FORMER_KEYS)('$path is told from a misspelt one, with what to say instead', async ({ path, now }) => {
    const given = path.replaceAll('*', 'login');
    const yaml = JSON.stringify(given.split('.').reduceRight<unknown>((below, name) => ({ [name]: below }), 'asked'));
    expect(await complaintsOf({ yaml: [yaml] })).toEqual([`${given}: was a key of earlier versions of Kratos: ${now}`]);
  });

  test('is none that it still has, and what to say instead is', () => {
    const known = knownPaths();
    expect(FORMER_KEYS.filter(({ path }) => known.includes(path))).toEqual([]);
    const named = FORMER_KEYS.flatMap(({ now }) => now.match(/\b[a-z_]+(\.[a-z_]+)+\b/g) ?? []);
    expect(named.length).toBeGreaterThan(8);
    expect(named.filter((path) => !known.some((each) => each === path || each.startsWith(`${path}.`)))).toEqual([]);
  });
});

test('keys of one section that do nothing for one reason are one warning', async () => {
  const yaml = ['selfservice: { flows: { registration: { ui_url: https://x.example, lifespan: 1h } } }'];
  expect((await load({ yaml })).warnings).toEqual([
    'selfservice.flows.registration has no effect (ui_url, lifespan): Regain registers nobody',
  ]);
});
