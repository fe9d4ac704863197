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
])('below "%s", suggests %s → %s', (parent, given, meant) => {
  expect(probablyMeant(parent, given)).toBe(meant);
});

test.each([
  ['selfservice.methods.link.config', 'ttl'],
  ['serve.public', 'enabled'],
  ['', 'keep'],
  ['', 'kratos'],
  ['nowhere', 'at_all'],
])('below "%s", suggests nothing for %s', (parent, given) => {
  expect(probablyMeant(parent, given)).toBeUndefined();
});

describe('a former key of Kratos', () => {
  test.each(FORMER_KEYS)('$path is not treated as a typo, and its replacement is named', async ({ path, now }) => {
    const given = path.replaceAll('*', 'login');
    const yaml = JSON.stringify(given.split('.').reduceRight<unknown>((below, name) => ({ [name]: below }), 'asked'));
    expect(await complaintsOf({ yaml: [yaml] })).toEqual([`${given}: is a former key of Kratos: ${now}`]);
  });

  test('no longer exists, and its replacement does', () => {
    const known = knownPaths();
    expect(FORMER_KEYS.filter(({ path }) => known.includes(path))).toEqual([]);
    const named = FORMER_KEYS.flatMap(({ now }) => now.match(/\b[a-z_]+(\.[a-z_]+)+\b/g) ?? []);
    expect(named.length).toBeGreaterThan(8);
    expect(named.filter((path) => !known.some((each) => each === path || each.startsWith(`${path}.`)))).toEqual([]);
  });
});

test('keys of a section without effect share a warning if they share the reason', async () => {
  const yaml = ['selfservice: { flows: { registration: { ui_url: https://x.example, lifespan: 1h } } }'];
  expect((await load({ yaml })).warnings).toEqual([
    'selfservice.flows.registration has no effect (ui_url, lifespan): Regain does not support registration',
  ]);
});
