import { pino } from 'pino';
import { expect, test } from 'vitest';
import { DatabaseTrouble, type Purgeable } from '../platform/database/index.js';
import { Unavailable } from '../platform/errors/index.js';
import { PurgeService } from './purge.service.js';

interface Line {
  level: number;
  msg: string;
}

function serviceOf(...purgeables: Purgeable[]): { service: PurgeService; log: Line[] } {
  const log: Line[] = [];
  const write = (line: string): void => void log.push(JSON.parse(line) as Line);
  return { service: new PurgeService(purgeables, pino({ base: null, timestamp: false }, { write })), log };
}

/** Removes the given number of rows in each batch, then fails or has nothing left. */
function purgeable(name: string, bites: number[], failure?: Error): Purgeable {
  const left = [...bites];
  return {
    name,
    purge: () => {
      const next = left.shift();
      return next === undefined && failure ? Promise.reject(failure) : Promise.resolve(next ?? 0);
    },
  };
}

test('a failure is reported and logged, and does not stop the purgeables after it', async () => {
  const driver = Object.assign(new Error('row (4711, ada@example.com) …'), { code: '23503' });
  const { service, log } = serviceOf(
    purgeable('one', [500, 3]),
    purgeable('two', [500], new DatabaseTrouble('42501', 'none', 'purge two')),
    purgeable('three', [], driver),
    purgeable('four', [], new Unavailable('away', 1, { sqlstate: 'none' })),
    purgeable('five', [7]),
  );
  expect(await service.run(60)).toEqual([
    { name: 'one', removed: 503 },
    { name: 'two', removed: 500, failed: '42501' },
    { name: 'three', removed: 0, failed: '23503' },
    { name: 'four', removed: 0, failed: 'Unavailable' },
    { name: 'five', removed: 7 },
  ]);
  const msg = 'purge failed';
  expect(log).toEqual([
    { level: 50, purgeable: 'two', removed: 500, code: '42501', msg },
    { level: 50, purgeable: 'three', removed: 0, code: '23503', msg },
    { level: 50, purgeable: 'four', removed: 0, code: 'Unavailable', msg },
  ]);
});

test('the scheduled run logs what it removed, and runs again after a failure', async () => {
  const { service, log } = serviceOf(purgeable('one', [], new Error('no')), purgeable('two', [2, 3]));
  await service.tick(60);
  await service.tick(60);
  expect(log.filter(({ msg }) => msg === 'purged')).toEqual([
    { level: 30, removed: [{ name: 'two', removed: 2 }], msg: 'purged' },
    { level: 30, removed: [{ name: 'two', removed: 3 }], msg: 'purged' },
  ]);
});
