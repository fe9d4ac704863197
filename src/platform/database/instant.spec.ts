import { expect, test } from 'vitest';
import { Instant } from './instant.js';

test.each([
  ['2024-02-29T12:00:00.123456Z', '2024-02-29T12:00:00.123456Z'],
  ['2024-02-29T12:00:00.123456+00:00', '2024-02-29T12:00:00.123456Z'],
  ['2024-02-29T14:00:00.1234+02:00', '2024-02-29T12:00:00.123400Z'],
  ['2024-02-29T12:00:00.000001Z', '2024-02-29T12:00:00.000001Z'],
  ['1969-12-31T23:59:59.999999Z', '1969-12-31T23:59:59.999999Z'],
  ['2024-02-29T12:00:00.123000Z', '2024-02-29T12:00:00.123Z'],
  ['2024-02-29T12:00:00.5Z', '2024-02-29T12:00:00.500Z'],
  ['2024-02-29T12:00:00Z', '2024-02-29T12:00:00.000Z'],
])('%s is written as %s', (given, written) => {
  expect(new Instant(given).toISOString()).toBe(written);
  expect(JSON.stringify({ at: new Instant(given) })).toBe(`{"at":"${written}"}`);
});

test('it behaves like a Date', () => {
  const instant = new Instant('2024-02-29 12:00:00.123456+00', Date.UTC(2024, 1, 29, 12, 0, 0, 123));
  expect(instant).toBeInstanceOf(Date);
  expect(instant.getTime()).toBe(Date.UTC(2024, 1, 29, 12, 0, 0, 123));
  expect(instant.toISOString()).toBe('2024-02-29T12:00:00.123456Z');
});
