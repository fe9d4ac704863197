import { expect, test, vi } from 'vitest';
import type { Credentials, Passwords } from '../../../identity/privileged.js';
import { PasswordUnusable } from '../../../identity/privileged.js';
import { Unavailable } from '../../../platform/errors/index.js';
import { RehashPassword } from './rehash-password.js';

const right = { identityId: 'anna', password: 'secret', hash: 'old' };

function step(hash: () => Promise<string>, needed = true) {
  const rehash = vi.fn(async () => undefined);
  const passwords = { needsRehash: () => needed, hash } as unknown as Passwords;
  return { rehash, run: () => new RehashPassword({ rehash } as unknown as Credentials, passwords).run(right) };
}

test('compare and swap replaces an old hash', async () => {
  const { rehash, run } = step(async () => 'new');
  await run();
  expect(rehash.mock.calls).toEqual([['anna', 'old', 'new']]);
});

test('a current hash stays', async () => {
  const { rehash, run } = step(async () => 'new', false);
  await run();
  expect(rehash).not.toHaveBeenCalled();
});

test.each([new Unavailable('Too many passwords wait.'), new PasswordUnusable('Too long.')])(
  'a failure does not fail the login: %s',
  async (error) => {
    const { rehash, run } = step(() => Promise.reject(error));
    await expect(run()).resolves.toBeUndefined();
    expect(rehash).not.toHaveBeenCalled();
  },
);

test('an unexpected error is not hidden', async () => {
  await expect(step(() => Promise.reject(new Error('broken'))).run()).rejects.toThrow('broken');
});
