import { describe, expect, test } from 'vitest';
import { AuditFilterInvalid } from './audit.errors.js';
import { readAuditFilter } from './audit.filter.js';
import { idsFrom, idsUntil } from './id-range.js';

describe('the filter', () => {
  test('without parameters gives one page of all events', () => {
    expect(readAuditFilter({})).toEqual({ pageSize: 100 });
  });

  test('reads every parameter', () => {
    const text = {
      action: 'a',
      target_id: 't',
      actor_id: 'w',
      since: '2030-01-31T08:00:00Z',
      until: '2030-01-31t08:00:00.5+02:00',
    };
    expect(readAuditFilter({ ...text, page_size: '1000', page_token: 'p' })).toEqual({
      action: 'a',
      targetId: 't',
      actorId: 'w',
      since: new Date('2030-01-31T08:00:00Z'),
      until: new Date('2030-01-31T06:00:00.500Z'),
      pageSize: 1000,
      pageToken: 'p',
    });
  });

  test.each([
    'yesterday',
    '2030-01-31',
    '2030-01-31T08:00:00',
    '2030-02-30T08:00:00Z',
    '2030-13-01T08:00:00Z',
    '2030-01-31T25:00:00Z',
    '2030-01-31T08:00:00+99:00',
    '1893456000',
    ' 2030-01-31T08:00:00Z',
    '2030-01-31T08:00:00Z\n',
  ])('%j is not a valid time', (since) => {
    expect(() => readAuditFilter({ since })).toThrow(AuditFilterInvalid);
    expect(() => readAuditFilter({ until: since })).toThrow(AuditFilterInvalid);
  });

  test.each(['0', '-1', '1001', '1.5', '1e2', 'ten', ' 7', '0x10', '9'.repeat(400)])(
    '%j is not a valid page size',
    (page_size) => {
      expect(() => readAuditFilter({ page_size })).toThrow(AuditFilterInvalid);
    },
  );

  test.each(['a\0b', '\ud800'])('%j cannot be stored, so it is rejected as a filter', (text) => {
    for (const name of ['action', 'target_id', 'actor_id']) {
      expect(() => readAuditFilter({ [name]: text })).toThrow(AuditFilterInvalid);
    }
  });

  test('an error names the parameter and never repeats the value', () => {
    try {
      readAuditFilter({ page_size: 'secret' });
      expect.unreachable();
    } catch (error) {
      expect((error as AuditFilterInvalid).reason).toBe(
        'The query parameter "page_size" must be a whole number from 1 to 1000.',
      );
    }
  });
});

test("a time's ids are within a day of it and never leave the valid range", () => {
  const at = new Date('2030-01-31T08:00:00Z');
  const hex = (id: string): number => parseInt(id.replaceAll('-', '').slice(0, 12), 16);
  expect(hex(idsFrom(at))).toBe(at.getTime() - 86_400_000);
  expect(hex(idsUntil(at))).toBe(at.getTime() + 86_400_000);
  expect(idsFrom(new Date('0001-01-01T00:00:00Z'))).toBe('00000000-0000-0000-0000-000000000000');
  expect(idsUntil(new Date(8.64e15))).toBe('ffffffff-ffff-0000-0000-000000000000');
});
