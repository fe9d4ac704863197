import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isUuid, uuidFault, uuidOf } from './uuid.js';

const ID = '6ba7b810-9dad-11d1-80b4-00c04fd430c8';
const HASH = ID.replaceAll('-', '');

describe('a UUID', () => {
  test('of any version is the same id in every notation', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.boolean(), (id, upper) => {
        const spelt = upper ? id.toUpperCase() : id;
        const hash = spelt.replaceAll('-', '');
        for (const text of [spelt, hash, `{${spelt}}`, `{${hash}}`, `urn:uuid:${spelt}`, `urn:uuid:${hash}`])
          expect(uuidOf(text), text).toBe(id);
      }),
    );
  });

  test.each([
    [''],
    ['not-a-uuid'],
    [`${ID} `],
    [` ${ID}`],
    [`${ID}\n`],
    [`{${ID}`],
    [`${ID}}`],
    [`({${ID}})`],
    [`URN:UUID:${ID}`],
    [`urn:uuid:{${ID}}`],
    [`urn:uuid:`],
    [HASH.slice(1)],
    [`${HASH}0`],
    [ID.replace('6', 'g')],
    [`${HASH.slice(0, 4)}-${HASH.slice(4)}`],
    ['-'.repeat(36)],
    [7],
    [null],
    [[ID]],
  ])('%j is not a UUID', (text) => {
    expect(uuidOf(text)).toBeUndefined();
    expect(isUuid(text)).toBe(false);
  });

  test('only its canonical form may go to the database', () => {
    expect([ID, ID.toUpperCase()].map(isUuid)).toEqual([true, true]);
    expect([HASH, `{${ID}}`, `urn:uuid:${ID}`].map(isUuid)).toEqual([false, false, false]);
  });
});

test.each([
  ['not-a-uuid', 'uuid: incorrect UUID length 10 in string "not-a-uuid"'],
  ['', 'uuid: incorrect UUID length 0 in string ""'],
  [`[${ID}]`, `uuid: incorrect UUID format in string "[${ID}]"`],
  [`urn:uid:${ID}x`, 'uuid: incorrect UUID format in string "urn:uid:6"'],
  [`${HASH}0000`, `uuid: incorrect UUID format in string "${HASH}0000"`],
  [ID.replace('6', 'g'), 'uuid: invalid UUID format'],
  [HASH.replace('6', 'g'), 'uuid: invalid UUID format'],
])("the fault of %j, in Kratos' words", (text, fault) => {
  expect(uuidFault(text)).toBe(fault);
});
