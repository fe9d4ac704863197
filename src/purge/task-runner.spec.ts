import { pino } from 'pino';
import { expect, test } from 'vitest';
import { TaskRunner } from './task-runner.js';

test('a failing task is logged with its name and a code, and does not stop the others', async () => {
  const log: unknown[] = [];
  const write = (line: string): void => void log.push(JSON.parse(line));
  const runner = new TaskRunner(pino({ base: null, timestamp: false }, { write }));
  const error = Object.assign(new Error('row (4711, ada@example.com) …'), { code: '23503' });
  const task = { name: 'tell', schedule: '* * * * *', run: () => Promise.reject(error) };
  await runner.run(task);
  await runner.run({ ...task, run: () => Promise.resolve() });
  expect(log).toEqual([{ level: 50, task: 'tell', code: '23503', msg: 'task failed' }]);
});
