import { pbkdf2Sync } from 'node:crypto';
import bcrypt from 'bcrypt';
import type { TestApp } from './app.js';
import { beginNative, L, messages } from './login-steps.js';
import { newPerson } from './people.js';
import { person } from './sign-in.js';

/** Cheap hashes, so that checking one takes only a fraction of the minimum time, even while other tests run. */
export const CHEAP_HASHES = { hashers: { algorithm: 'bcrypt', bcrypt: { cost: 7 } } };

/** One identifier of each kind; undefined: an unknown person. */
export interface Kinds {
  nobody: undefined;
  ours: string;
  costlier: string;
  cheaper: string;
}

/** People with hashes of several kinds, one of which is the slowest and sets the minimum time. */
export async function peopleOfKinds(app: TestApp): Promise<Kinds> {
  const imported = async (hash: string) =>
    (await newPerson(app, { credentials: { password: { config: { hashed_password: hash } } } })).email;
  const unpadded = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '');
  const salt = Buffer.alloc(16, 7);
  const key = pbkdf2Sync('their password', salt, 1_000, 32, 'sha256');
  await imported(await bcrypt.hash('their password', 10));
  return {
    nobody: undefined,
    ours: (await person(app)).email,
    costlier: await imported(await bcrypt.hash('their password', 8)),
    cheaper: await imported(`$pbkdf2-sha256$i=1000,l=32$${unpadded(salt)}$${unpadded(key)}`),
  };
}

const WARM_UP = 5;
const median = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

/**
 * Tries `each` wrong passwords per kind, interleaved, and compares the kinds' medians. Resolves to their widest
 * difference and their typical value, both in milliseconds.
 */
export async function widestDifference(
  app: TestApp,
  kinds: Kinds,
  each: number,
): Promise<{ widest: number; typical: number }> {
  const names = Object.keys(kinds) as (keyof Kinds)[];
  const times = new Map(names.map((name) => [name, [] as number[]]));
  for (let i = 0; i < each + WARM_UP; i++)
    for (let at = 0; at < names.length; at++) {
      const name = names[(at + i) % names.length]!;
      times.get(name)!.push(await timed(app, kinds[name] ?? `nobody.${i}@example.com`));
    }
  const medians = names.map((name) => ({ name, at: median(times.get(name)!.slice(WARM_UP)) }));
  const widest = Math.max(...medians.map(({ at }) => at)) - Math.min(...medians.map(({ at }) => at));
  const said = medians.map(({ name, at }) => `${name} ${at.toFixed(2)}`).join(', ');
  console.log(`a wrong password, medians of ${each} in ms: ${said}; widest difference ${widest.toFixed(3)}`);
  return { widest, typical: median(medians.map(({ at }) => at)) };
}

/** Milliseconds that the server takes to answer a wrong password. */
async function timed(app: TestApp, identifier: string): Promise<number> {
  const flow = await beginNative(app);
  const body = JSON.stringify({ method: 'password', identifier, password: 'not the password' });
  const start = performance.now();
  const answer = await fetch(`${app.publicUrl}${L}?flow=${flow.id}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body,
  });
  const shown = (await answer.json()) as typeof flow;
  const took = performance.now() - start;
  if (answer.status !== 400 || messages(shown).join() !== '4000006') throw new Error(`answered ${answer.status}`);
  return took;
}
