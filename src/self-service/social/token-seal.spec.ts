import { expect, test } from 'vitest';
import { SecretsConfig } from '../../config/index.js';
import { Random } from '../../platform/random/index.js';
import { TokenSeal } from './token-seal.js';

const sealOf = (...cipher: string[]) => new TokenSeal(Object.assign(new SecretsConfig(), { cipher }), new Random());
const [TOKENS, WHOSE] = [{ accessToken: 'access-1', refreshToken: 'refresh-1' }, ['identity-1', 'acme', 'sub-1']];

test('a sealed text opens for its connection, also after a rotation', () => {
  const sealed = sealOf('secret-one').seal(WHOSE, TOKENS);
  expect(sealed).not.toContain('access');
  expect(sealOf('secret-two', 'secret-one').open(WHOSE, sealed)).toEqual(TOKENS);
});

/** Stored values stay readable: an earlier version sealed this one. */
test('a value sealed by an earlier version opens', () => {
  const stored =
    '5ce52e1e.rdjQlBepx95m2RQoj222AaHUrOjjzTLXfKp1hpejE_IbPgafKWxPEV4-xmANbZDKymQlzH82YRlZLVyJmxhyYAjUfrRauzAPl_-Qf909rBB3';
  expect(sealOf('secret-one').open(WHOSE, stored)).toEqual(TOKENS);
});

test.each([
  ['another connection', (sealed: string) => sealOf('secret-one').open(['identity-2', 'acme', 'sub-1'], sealed)],
  ['another secret', (sealed: string) => sealOf('secret-two').open(WHOSE, sealed)],
  ['one changed byte', (sealed: string) => sealOf('secret-one').open(WHOSE, `${sealed.slice(0, -4)}AAAA`)],
  ['half of it', (sealed: string) => sealOf('secret-one').open(WHOSE, sealed.slice(0, 20))],
])('it does not open with %s', (_, open) => {
  expect(open(sealOf('secret-one').seal(WHOSE, TOKENS))).toBeUndefined();
});
