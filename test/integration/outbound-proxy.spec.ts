import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { Outbound } from '../../src/platform/outbound/index.js';

const VARIABLES = ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY', 'ALL_PROXY', 'NODE_USE_ENV_PROXY'];
const servers: Server[] = [];

afterEach(async () => {
  for (const name of VARIABLES) delete process.env[name];
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('proxies from the environment are not used', async () => {
  let proxied = 0;
  const proxy = await serve((_request, response) => {
    proxied += 1;
    response.end('by the proxy');
  });
  const origin = await serve((request, response) => void response.end(`straight to ${request.url}`));
  for (const name of VARIABLES) process.env[name] = name.startsWith('NODE') ? '1' : proxy;
  const outbound = new Outbound();
  const rules = { origins: [origin], privateNetworks: false, exceptions: [] };
  const answer = await outbound.fetch(`${origin}/here`, rules);
  await outbound.onApplicationShutdown();
  expect([await answer.text(), proxied]).toEqual(['straight to /here', 0]);
});
