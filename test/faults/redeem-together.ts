import { expect } from 'vitest';
import { Browser, type Page } from '../support/browser.js';
import { Cluster, type Node } from '../support/cluster.js';

export interface Race {
  clients: number;
  rounds: number;
  /** `get`: opening the link redeems it; `confirm`: each client presses the button on its own confirmation page */
  redeemOn: 'get' | 'confirm';
}

const SESSION = 'ory_kratos_session';

/**
 * Many clients, two server processes, one link per round: exactly one client gets in. Resolves to the figures, for the
 * reader.
 */
export async function redeemTogether({ clients, rounds, redeemOn }: Race): Promise<string> {
  const cluster = await Cluster.make({ parity: redeemOn === 'get' });
  try {
    const nodes = [await cluster.start(), await cluster.start()];
    let slowest = 0;
    for (let round = 0; round < rounds; round++) {
      const person = await nodes[0]!.newPerson();
      const link = await nodes[0]!.newLink(person);
      const presses: (() => Promise<Page>)[] = [];
      for (let client = 0; client < clients; client++) presses.push(await press(nodes[client % 2]!, link, redeemOn));
      const began = performance.now();
      const answers = await Promise.all(presses.map((go) => go()));
      slowest = Math.max(slowest, performance.now() - began);
      await judge(cluster, person, answers);
    }
    return `${redeemOn}: ${rounds} rounds of ${clients} clients on two processes, slowest round ${Math.round(slowest)} ms`;
  } finally {
    await cluster.stop();
  }
}

/** Prepares everything up to the redeeming request. */
async function press(node: Node, link: string, redeemOn: Race['redeemOn']): Promise<() => Promise<Page>> {
  const browser = new Browser();
  if (redeemOn === 'get') return () => browser.get(node.at(link));
  const opened = await browser.get(node.at(link));
  const page = await browser.get(node.at(opened.location));
  const { action, fields } = page.form();
  return () => browser.post(node.at(action), fields);
}

async function judge(cluster: Cluster, person: string, answers: Page[]): Promise<void> {
  const cookies = answers.filter(({ headers }) =>
    headers.getSetCookie().some((line) => line.startsWith(`${SESSION}=`)),
  );
  const won = answers.filter(({ location }) => location.includes('/ui/settings?flow='));
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 303));
  expect([cookies.length, won.length]).toEqual([1, 1]);
  expect(cookies[0]).toBe(won[0]);
  expect(await cluster.sql('SELECT active FROM session WHERE identity_id = $1', [person])).toEqual([{ active: true }]);
  const refused = answers.filter((answer) => answer !== won[0]).map(({ location }) => flowOf(location));
  expect(new Set(refused).size).toBe(answers.length - 1);
  const [flows] = await cluster.sql<{ count: number }>(
    `SELECT count(*)::int AS count FROM recovery_flow WHERE id = ANY($1) AND jsonb_path_query_array(messages, '$[*].id') = '[4060004]'`,
    [refused],
  );
  expect(flows).toEqual({ count: answers.length - 1 });
}

function flowOf(location: string): string {
  const { pathname, searchParams } = new URL(location);
  expect(pathname).toBe('/ui/recovery');
  return searchParams.get('flow') ?? '';
}
