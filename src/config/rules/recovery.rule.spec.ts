import { expect, test } from 'vitest';
import { BARE, load } from '../../../test/support/configuration-files.js';

const warningsOf = async (selfservice: string): Promise<string[]> =>
  (await load({ least: `${BARE}\nselfservice: { ${selfservice} }` })).warnings.map((line) => line.split(': ')[0]!);

test.each([
  ['', ['selfservice.flows.recovery.enabled']],
  ['methods: { link: { enabled: true } }', ['selfservice.flows.recovery.enabled']],
  [
    'methods: { code: { enabled: false } }, flows: { recovery: { enabled: true } }',
    ['selfservice.methods.link.enabled, selfservice.methods.code.enabled'],
  ],
  ['flows: { recovery: { enabled: true } }', ['selfservice.methods.link.enabled']],
  [
    'methods: { link: { enabled: true }, code: { enabled: false } }, flows: { recovery: { enabled: true } }',
    ['selfservice.flows.recovery.use'],
  ],
  ['methods: { link: { enabled: true } }, flows: { recovery: { enabled: true } }', []],
])('{%s}: warns about the keys that disable recovery', async (selfservice, keys) => {
  expect(await warningsOf(selfservice)).toEqual(keys);
});
