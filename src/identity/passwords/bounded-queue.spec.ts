import { expect, test } from 'vitest';
import { BoundedQueue } from './bounded-queue.js';

/** Work that ends when the test says so. */
function held(): {
  work: () => Promise<string>;
  end: (text: string) => void;
  fail: () => void;
  started: () => boolean;
} {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let started = false;
  const work = () => {
    started = true;
    return promise;
  };
  return { work, end: resolve, fail: () => reject(new Error('broken')), started: () => started };
}

test('runs a fixed number at once, queues a fixed number in order, and answers 503 to the rest', async () => {
  const queue = new BoundedQueue(1, 2);
  const [first, second, third] = [held(), held(), held()];
  const answers = [queue.run(first.work), queue.run(second.work), queue.run(third.work)];
  await expect(queue.run(() => Promise.resolve('never'))).rejects.toMatchObject({
    status: 503,
    headers: { 'retry-after': '1' },
  });
  expect([first.started(), second.started(), third.started()]).toEqual([true, false, false]);
  first.end('1');
  await answers[0];
  expect([second.started(), third.started()]).toEqual([true, false]);
  second.end('2');
  third.end('3');
  expect(await Promise.all(answers)).toEqual(['1', '2', '3']);
});

test('failed work passes its slot on', async () => {
  const queue = new BoundedQueue(1, 1);
  const broken = held();
  const failing = queue.run(broken.work);
  const waiting = queue.run(() => Promise.resolve('next'));
  broken.fail();
  await expect(failing).rejects.toThrow('broken');
  expect(await waiting).toBe('next');
  expect(await queue.run(() => Promise.resolve('after'))).toBe('after');
});

test('a refusal leaves nothing behind', async () => {
  const queue = new BoundedQueue(1, 0);
  const only = held();
  const running = queue.run(only.work);
  for (let i = 0; i < 3; i++) await expect(queue.run(() => Promise.resolve(''))).rejects.toMatchObject({ status: 503 });
  only.end('done');
  await running;
  expect(await queue.run(() => Promise.resolve('free'))).toBe('free');
});

/** Regression: strangers filled the queue, and owners with the right password were told to try again. */
test('a crowd neither keeps an owner out nor makes them wait behind its whole line', async () => {
  const queue = new BoundedQueue(2, 64);
  const done: string[] = [];
  const work = (name: string) => async (): Promise<void> => {
    await new Promise((turn) => setTimeout(turn, 1));
    done.push(name);
  };
  const strangers = Array.from({ length: 66 }, (_, at) => queue.run(work(`stranger ${at}`)));
  await expect(queue.run(work('late'))).rejects.toMatchObject({ status: 503 });
  const owners = [queue.run(work('owner'), 'a'), queue.run(work('owner'), 'a'), queue.run(work('owner'), 'b')];
  await Promise.all([...owners, ...strangers]);
  const last = done.lastIndexOf('owner');
  expect(last).toBeLessThan(2 + 3 + 2);
});

test('an owner has only two places', async () => {
  const queue = new BoundedQueue(1, 0);
  const never = () => new Promise<void>(() => undefined);
  void queue.run(never);
  const waiting = [1, 2].map(() => queue.run(never, 'a'));
  await expect(queue.run(never, 'a')).rejects.toMatchObject({ status: 503 });
  waiting.push(queue.run(never, 'b').catch(() => undefined) as Promise<void>);
  expect(waiting).toHaveLength(3);
});
