import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  launch,
  PATIENCE,
  postgresRuns,
  startServerProcess,
  workplace,
  type Workplace,
} from '../support/server-process.js';
import { linesOf, PAT, regainIn, SECRET, STACK } from './regain.js';

const LONG = { timeout: 4 * PATIENCE };

async function inPlace(
  options: Parameters<typeof workplace>[0],
  work: (place: Workplace) => Promise<void>,
): Promise<void> {
  const place = await workplace(options);
  try {
    await work(place);
  } finally {
    await place.clear();
  }
}

describe('quickstart', () => {
  test('prints a token, a working curl command and a link on stdout, once', LONG, async () => {
    await inPlace({ config: { regain: { serve: { single_host: true } } } }, async (place) => {
      const server = launch(place, { command: ['quickstart'] });
      try {
        await server.untilPrinted('Ctrl-C stops everything.');
        expect(server.stdout.match(new RegExp(PAT, 'g'))).toHaveLength(2); // on its own line and in the curl command
        expect(server.stderr).not.toMatch(SECRET);
        const asked = await askedByCurl(server.stdout);
        expect(asked).toMatchObject({
          recovery_link: expect.stringContaining('/self-service/recovery?flow='),
          expires_at: expect.any(String),
        });
        const [ready = ''] = /http\S+[?&]token=\S+/.exec(server.stdout) ?? [];
        const opened = await fetch(ready, { headers: { accept: 'text/html' } });
        expect([opened.status, new URL(opened.url).pathname]).toEqual([200, '/ui/confirm']);
        expect(server.stderr).not.toMatch(SECRET); // the log now has requests
        expect(await server.end('SIGINT')).toEqual({ code: 0, signal: null });
        expect(await postgresRuns(place.data)).toBe(false);
      } finally {
        await server.end('SIGKILL');
      }
    });
  });

  test('refuses a postgres:// dsn and listeners beyond loopback, before anything is created', LONG, async () => {
    await inPlace({ dsn: 'postgres://regain:hidden-word@127.0.0.1:1/regain' }, async (place) => {
      const { code, stdout, stderr } = await regainIn(place, 'quickstart');
      expect([code, stdout, linesOf(stderr).length]).toEqual([1, '', 1]);
      expect(stderr).toContain('quickstart creates example data, so it refuses a postgres:// dsn');
      expect(stderr).not.toContain('hidden-word');
    });
    await inPlace({ config: { serve: { admin: { host: '0.0.0.0' } } } }, async (place) => {
      const { code, stdout, stderr } = await regainIn(place, 'quickstart');
      expect([code, stdout]).toEqual([1, '']);
      expect(stderr).toContain('listens on 127.0.0.1 only');
      expect(stderr).not.toMatch(STACK);
      expect(existsSync(place.data)).toBe(false);
    });
  });
});

describe('serve', () => {
  test('prints the first token of an embedded database once; the next start prints no secret', LONG, async () => {
    await inPlace({}, async (place) => {
      const first = await startServerProcess(place);
      await first.untilPrinted(PAT);
      await first.end();
      const second = await startServerProcess(place);
      expect(await second.end()).toEqual({ code: 0, signal: null });
      expect(first.stdout.match(new RegExp(PAT, 'g'))).toHaveLength(1);
      expect(first.stderr + second.stdout + second.stderr).not.toMatch(SECRET);
    });
  });
});

/** Sends the request of the printed curl command. */
async function askedByCurl(text: string): Promise<unknown> {
  const curl = /curl -X POST (\S+) \\\n((?:.*\\\n)*.*-d '(.*)')/.exec(text);
  const headers = [...curl![2]!.matchAll(/-H '([^:]+): ([^']+)'/g)].map(
    ([, name, value]) => [name!, value!] as [string, string],
  );
  const answer = await fetch(curl![1]!, { method: 'POST', headers, body: curl![3]! });
  expect(answer.status).toBe(200);
  return answer.json();
}
