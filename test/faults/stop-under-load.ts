import { expect } from 'vitest';
import {
  launch,
  postgresRuns,
  type ServerProcess,
  startServerProcess,
  workplace,
  type Workplace,
} from '../support/server-process.js';
import { SteadyLoad } from './steady-load.js';

/** Milliseconds from the signal until everything has ended. */
const LONGEST_STOP = 10_000;
const CLIENTS = 4;
const TOKEN = /ory_pat_[0-9A-Za-z]{32}/;

/** Runs the quickstart as npm does, under load, and signals its whole group. Resolves to the figures. */
export async function stopUnderLoad(signal: 'SIGINT' | 'SIGTERM'): Promise<string> {
  const place = await workplace();
  let server: ServerProcess | undefined;
  try {
    server = launch(place, { command: ['quickstart'], shell: true });
    await server.untilPrinted('Ctrl-C stops everything.');
    const token = TOKEN.exec(server.stdout)![0];
    const people = await Promise.all(Array.from({ length: CLIENTS }, (_, client) => newPerson(place, token, client)));
    const load = startLoad(place, token, people);
    await server.until('every client had answers', () => load.answers(200, 303) > 100);

    load.stopBegins();
    const began = performance.now();
    const exit = await server.end(signal);
    const took = Math.round(performance.now() - began);
    await load.over();

    expect(load.faults).toEqual([]);
    expect(load.readiness).toEqual([200, 503, 0]);
    expect(exit).toEqual({ code: 0, signal: null });
    expect(took).toBeLessThan(LONGEST_STOP);
    expect(await postgresRuns(place.data)).toBe(false);
    await judgeSecondStart(place, token, people, load.answers(200));
    return `${signal}: stopped after ${took} ms; answers ${JSON.stringify(Object.fromEntries(load.statuses))}, unseen ${load.unseen}`;
  } finally {
    await server?.end('SIGKILL');
    await place.clear();
  }
}

/** Half of the clients create links on the admin listener, half start flows on the public one. */
function startLoad(place: Workplace, token: string, people: string[]): SteadyLoad {
  const load = new SteadyLoad();
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  for (const [client, identity_id] of people.entries()) {
    load.client(
      { url: `${place.adminUrl}/admin/recovery/link`, method: 'POST', headers, body: JSON.stringify({ identity_id }) },
      5 * client,
    );
    load.client({ url: `${place.publicUrl}/self-service/login/browser`, headers: { accept: 'text/html' } }, 5 * client);
  }
  load.probe(`${place.adminUrl}/health/ready`);
  return load;
}

/** The data is there, no secret is shown again, and nothing was done for a client that got no answer. */
async function judgeSecondStart(
  place: Workplace,
  token: string,
  people: string[],
  acknowledged: number,
): Promise<void> {
  const server = await startServerProcess(place, { command: ['quickstart'], shell: true });
  try {
    await server.untilPrinted('its secrets are not printed again');
    expect(server.stdout).not.toMatch(/ory_pat_|token=/);
    expect(server.stderr).not.toMatch(/ory_pat_|token=/);
    let kept = 0;
    for (const person of people) kept += await linksOf(place, token, person);
    expect(kept).toBe(acknowledged);
    expect(await server.end('SIGTERM')).toEqual({ code: 0, signal: null });
  } finally {
    await server.end('SIGKILL');
  }
}

async function newPerson({ adminUrl }: Workplace, token: string, number: number): Promise<string> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ schema_id: 'person', traits: { email: `load.${number}@example.com` } });
  const answer = await fetch(`${adminUrl}/admin/identities`, { method: 'POST', headers, body });
  return ((await answer.json()) as { id: string }).id;
}

async function linksOf({ adminUrl }: Workplace, token: string, identity: string): Promise<number> {
  const headers = { authorization: `Bearer ${token}` };
  const answer = await fetch(`${adminUrl}/admin/recovery/grants?identity_id=${identity}&page_size=1000`, { headers });
  return ((await answer.json()) as unknown[]).length;
}
