/** Starts the database and the two servers to compare, on free ports. */
import { fork, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stringify } from 'yaml';
import { startEmbedded } from '../dist/platform/embedded-postgres/index.js';

const ROOT = join(import.meta.dirname, '..');

/** @returns { token, regain: { publicPort, adminPort }, bare: { port }, stop }; `stop` ends everything that was started */
export async function startServers() {
  const work = mkdtempSync(join(tmpdir(), 'regain-bench-'));
  chmodSync(work, 0o755); // if root starts it, the database runs as another user, which needs access
  const stops = [() => rmSync(work, { recursive: true, force: true })];
  const stop = async () => {
    for (const end of stops.reverse()) await end();
  };
  try {
    const database = await startEmbedded({ directory: join(work, 'database'), role: 'owner' });
    stops.push(() => database.stop());
    const token = `ory_pat_${randomBytes(16).toString('hex')}`;
    const regain = await startRegain(work, database.url, token, stops);
    const bare = await startBare(database.url, stops);
    return { token, regain, bare, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startRegain(work, dsn, token, stops) {
  const [publicPort, adminPort] = [await freePort(), await freePort()];
  const file = join(work, 'kratos.yml');
  writeFileSync(file, configuration(publicPort, adminPort));
  const args = ['serve', '-c', file, '-c', join(ROOT, 'config/kratos-parity.yml')];
  const child = spawn(process.execPath, [join(ROOT, 'bin/regain.js'), ...args], {
    cwd: work,
    env: { PATH: process.env.PATH, NODE_ENV: 'production', DSN: dsn, REGAIN_ACCESS_TOKEN: token },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk) => (said = (said + chunk).slice(-4000)));
  stops.push(() => ended(child));
  for (let tries = 0; tries < 300; tries++) {
    if (child.exitCode !== null) throw new Error(`regain serve exited:\n${said}`);
    const ready = await fetch(`http://127.0.0.1:${adminPort}/health/ready`).catch(() => undefined);
    if (ready?.ok) return { publicPort, adminPort };
    await sleep(100);
  }
  throw new Error(`regain serve is not ready after 30 s:\n${said}`);
}

async function startBare(dsn, stops) {
  const child = fork(join(import.meta.dirname, 'bare.mjs'), {
    env: { PATH: process.env.PATH, NODE_ENV: 'production', DSN: dsn },
  });
  stops.push(() => ended(child));
  return new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', () => reject(new Error('the bare server exited')));
  });
}

function ended(child) {
  if (child.exitCode !== null || child.signalCode !== null) return undefined;
  return new Promise((resolve) => {
    child.once('exit', resolve);
    child.kill('SIGTERM');
  });
}

/** An ordinary kratos.yml. Logging is off on both sides; everything else is as in the shipped file. */
function configuration(publicPort, adminPort) {
  return stringify({
    dsn: 'postgres://given.by.the.environment/regain',
    serve: { public: { host: '127.0.0.1', port: publicPort }, admin: { host: '127.0.0.1', port: adminPort } },
    secrets: { default: [randomBytes(24).toString('hex')] },
    log: { level: 'error' },
    identity: {
      default_schema_id: 'person',
      schemas: [{ id: 'person', url: `file://${join(ROOT, 'config/identity.schema.json')}` }],
    },
    selfservice: {
      methods: {
        link: { enabled: true },
        code: { enabled: false },
        password: { config: { haveibeenpwned_enabled: false } },
      },
      flows: { recovery: { enabled: true, use: 'link' } },
    },
  });
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
