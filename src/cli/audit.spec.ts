import { expect, test } from 'vitest';
import type { AuditEventView, AuditFilter, AuditService } from '../audit/index.js';
import { Unavailable } from '../platform/errors/index.js';
import { runAudit } from './audit.js';

const EVENT: AuditEventView = {
  id: '01890a5d-ac96-774b-bcce-b302099a8057',
  at: new Date('2030-01-31T08:00:00.123Z'),
  actorType: 'access_token',
  actorId: 'token-1',
  actorLabel: 'desk',
  action: 'recovery.link.created',
  outcome: 'success',
  targetType: 'identity',
  targetId: 'i-1',
  grantId: null,
  reason: 'lost phone\n2030-01-31  forged line',
  ticket: 'T-1',
  requestId: null,
  network: '192.0.2.7',
  userAgent: null,
  detail: null,
};

function setting(events: AuditEventView[], nextPageToken?: string) {
  const asked: AuditFilter[] = [];
  const out: string[] = [];
  const err: string[] = [];
  const list = (filter: AuditFilter) => {
    asked.push(filter);
    return Promise.resolve({ events, ...(nextPageToken === undefined ? {} : { nextPageToken }) });
  };
  const io = { out: (line: string) => void out.push(line), err: (line: string) => void err.push(line) };
  return { audit: { list } as unknown as AuditService, io, out, err, asked };
}

test('prints a table with one line per event', async () => {
  const { audit, io, out } = setting([
    EVENT,
    { ...EVENT, actorLabel: null, actorId: null, actorType: 'system', reason: null, ticket: null },
  ]);
  expect(await runAudit(audit, { format: 'text' }, io)).toBe(0);
  expect(out).toEqual([
    'AT                    OUTCOME  ACTION                 WHO     TARGET        FROM       WHY',
    '2030-01-31 08:00:00Z  success  recovery.link.created  desk    identity i-1  192.0.2.7  T-1: lost phone 2030-01-31  forged line',
    '2030-01-31 08:00:00Z  success  recovery.link.created  system  identity i-1  192.0.2.7',
  ]);
});

test('prints one JSON event per line, and the next page token on stderr', async () => {
  const { audit, io, out, err } = setting([EVENT, EVENT], 'NEXT');
  expect(await runAudit(audit, { format: 'json' }, io)).toBe(0);
  expect(out.map((line) => (JSON.parse(line) as { at: string }).at)).toEqual(Array(2).fill('2030-01-31T08:00:00.123Z'));
  expect(err).toEqual(['More events exist. For the next page, add: --page-token NEXT']);
});

test('passes all filters on', async () => {
  const { audit, io, asked, out } = setting([]);
  const times = { since: '2030-01-31T08:00:00Z', until: '2030-02-01T08:00:00Z' };
  await runAudit(
    audit,
    { action: 'a', target: 't', actor: 'w', ...times, limit: '5', pageToken: 'p', format: 'text' },
    io,
  );
  expect(asked).toEqual([
    {
      action: 'a',
      targetId: 't',
      actorId: 'w',
      since: new Date(times.since),
      until: new Date(times.until),
      pageSize: 5,
      pageToken: 'p',
    },
  ]);
  expect(out).toEqual(['No events.']);
});

test.each([
  [{ limit: '0' }, '--limit must be a whole number from 1 to 1000.'],
  [{ since: 'monday' }, '--since must be a time such as 2030-01-31T08:00:00Z.'],
  [{ target: '\0' }, '--target contains a NUL character or a lone surrogate.'],
])('refuses %j and names the option', async (wrong, line) => {
  const { audit, io, out, err, asked } = setting([EVENT]);
  expect(await runAudit(audit, { ...wrong, format: 'text' }, io)).toBe(1);
  expect([out, err, asked]).toEqual([[], [line], []]);
});

test('reports an unreachable database without a stack', async () => {
  const { io, err } = setting([]);
  const audit = {
    list: () => Promise.reject(new Unavailable('The database cannot be reached.')),
  } as unknown as AuditService;
  expect(await runAudit(audit, { format: 'text' }, io)).toBe(1);
  expect(err).toEqual(['The database cannot be reached.']);
});
