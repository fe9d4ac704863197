/**
 * Measures Regain's speed relative to a bare Fastify + pg server with the same SQL on the same database, in the same run.
 * Interleaved rounds, 16 connections, medians; the first round is a warm-up. Compare ratios between machines, not absolute
 * figures.
 *
 *   npm run bench            with other sizes: node bench/run.mjs --rounds 9 --links 2000
 */
import { parseArgs } from 'node:util';
import { header, load, request } from './load.mjs';
import { startServers } from './servers.mjs';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '7' }, links: { type: 'string', default: '1000' } },
});
const ROUNDS = Number(values.rounds);
const LINKS = Number(values.links);
const IDENTITIES = 200;
const AGENT = 'regain-bench';
const MEASURES = ['create a link', 'redeem a link', 'whoami'];

const servers = await startServers();
try {
  const authorization = `Bearer ${servers.token}`;
  const identities = await makeIdentities(servers.regain.adminPort, authorization);
  const contenders = [
    { name: 'regain', admin: servers.regain.adminPort, public: servers.regain.publicPort },
    { name: 'bare', admin: servers.bare.port, public: servers.bare.port },
  ];
  const results = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const result = {};
    for (const contender of round % 2 === 0 ? contenders : contenders.toReversed()) {
      result[contender.name] = await play(contender, identities, authorization);
    }
    if (round > 0) results.push(result);
  }
  report(results);
} finally {
  await servers.stop();
}

/** One round against one server: creates links, opens each, and calls whoami once per session. Returns requests per second for each measure. */
async function play(contender, identities, authorization) {
  const headers = { 'user-agent': AGENT };
  const ask = (_, i) =>
    request(
      'POST',
      '/admin/recovery/link',
      { ...headers, authorization },
      { identity_id: identities[i % identities.length], expires_in: '12h' },
    );
  const created = await load(contender.admin, Array.from({ length: LINKS }, ask), 200);
  const links = created.answers.map(({ body }) => new URL(JSON.parse(body).recovery_link));
  const follow = ({ search }) => request('GET', `/self-service/recovery${search}`, { ...headers, accept: 'text/html' });
  const followed = await load(contender.public, links.map(follow), 303);
  const whoami = ({ head }) =>
    request('GET', '/sessions/whoami', { ...headers, accept: 'application/json', cookie: sessionCookie(head) });
  const asked = await load(contender.public, followed.answers.map(whoami), 200);
  return [created, followed, asked].map((part) => part.perSecond);
}

function sessionCookie(head) {
  const line = header(head, 'set-cookie').find((cookie) => cookie.startsWith('ory_kratos_session='));
  if (line === undefined) throw new Error(`opening a link created no session:\n${head}`);
  return line.split(';')[0];
}

async function makeIdentities(port, authorization) {
  const make = (_, i) =>
    request(
      'POST',
      '/admin/identities',
      { authorization },
      { schema_id: 'person', traits: { email: `person.${i}@example.com` } },
    );
  const { answers } = await load(port, Array.from({ length: IDENTITIES }, make), 201);
  return answers.map(({ body }) => JSON.parse(body).id);
}

function report(results) {
  console.log(`${results.length} interleaved rounds of ${LINKS} requests, 16 connections, medians\n`);
  console.log(`${''.padEnd(18)}${'regain/s'.padStart(10)}${'bare/s'.padStart(10)}${'ratio'.padStart(8)}`);
  MEASURES.forEach((measure, at) => {
    const [regain, bare] = ['regain', 'bare'].map((name) => median(results.map((result) => result[name][at])));
    const ratio = median(results.map((result) => result.regain[at] / result.bare[at]));
    console.log(
      `${measure.padEnd(18)}${regain.toFixed(0).padStart(10)}${bare.toFixed(0).padStart(10)}${ratio.toFixed(2).padStart(8)}`,
    );
  });
}

function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
