import { expect, test } from 'vitest';
import { NEWEST, readPosition, writePosition } from './time-position.js';

test.each([
  NEWEST,
  { at: '0', id: '00000000-0000-0000-0000-000000000000' },
  { at: '1893499200123456', id: '9b8f3c1e-2f0a-4c58-8f5e-5d0f4a1b7c33' },
])('a position keeps its microseconds: $at', (position) => {
  expect(writePosition(position)).toMatch(/^[0-9a-f]{48}$/);
  expect(readPosition(writePosition(position))).toEqual(position);
});

test.each(['', '0'.repeat(47), '0'.repeat(49), 'g'.repeat(48), `${'0'.repeat(47)}F`])(
  '%j is not a position',
  (text) => {
    expect(readPosition(text)).toBe(undefined);
  },
);
