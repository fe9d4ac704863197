import { describe, expect, test } from 'vitest';
import { complaintsOf, load } from '../../test/support/configuration-files.js';
import { NO_SECOND_FACTOR, SECOND_FACTORS } from './second-factors.js';

const on = (path: string): string =>
  JSON.stringify(path.split('.').reduceRight<unknown>((below, name) => ({ [name]: below }), true));
const deciding = (decision: string): string => `regain: { recovery: { second_factor: ${decision} } }`;

describe.each(SECOND_FACTORS)('%s', (path) => {
  test('stops the start without regain.recovery.second_factor', async () => {
    expect(await complaintsOf({ yaml: [on(path)] })).toEqual([`${path}: ${NO_SECOND_FACTOR}`]);
  });

  test.each([
    ['refuse', 'people who have this second factor are turned away'],
    ['ignore', 'people who have this second factor get in without it'],
  ])('causes a warning with %s', async (decision, consequence) => {
    const { warnings } = await load({ yaml: [on(path), deciding(decision)] });
    expect(warnings).toEqual([
      `${path}: Regain cannot check it; ${consequence} (regain.recovery.second_factor: ${decision})`,
    ]);
  });
});

test('an invalid decision changes nothing', async () => {
  const complaints = await complaintsOf({ yaml: [on('selfservice.methods.totp.enabled'), deciding('perhaps')] });
  expect(complaints).toEqual([
    'regain.recovery.second_factor: must be one of refuse, ignore',
    `selfservice.methods.totp.enabled: ${NO_SECOND_FACTOR}`,
  ]);
});

test('methods that are off need no decision and cause no warning', async () => {
  const yaml = ['selfservice: { methods: { totp: { enabled: false } } }', deciding('refuse')];
  expect((await load({ yaml })).warnings).toEqual([]);
});
