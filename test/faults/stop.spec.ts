import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { PATIENCE, startServerProcess, workplace } from '../support/server-process.js';
import { stopUnderLoad } from './stop-under-load.js';

describe('a signal to the whole process group', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)(
    '%s under load fails no accepted request and stops everything',
    { timeout: 4 * PATIENCE },
    async (signal) => {
      const figures = await stopUnderLoad(signal);
      console.log(figures);
      expect(figures).toContain(signal);
    },
  );

  test(
    'ends everything even if clients keep connections and the signal is repeated',
    { timeout: 3 * PATIENCE },
    async () => {
      const place = await workplace({ dsn: 'memory' });
      const server = await startServerProcess(place);
      const sockets: Socket[] = [];
      try {
        for (const [port, text] of [
          [place.ports.public, ''],
          [place.ports.admin, ''],
          [place.ports.public, 'GET /health/alive HTTP/1.1\r\nHost: half'],
        ] as const) {
          const socket = connect(port, '127.0.0.1').on('error', () => undefined);
          sockets.push(socket);
          await once(socket, 'connect');
          socket.write(text);
        }
        server.kill('SIGINT');
        await server.until('it said so', () => server.stderr.includes('SIGINT: stopping'));
        server.kill('SIGINT');
        expect(await server.end('SIGTERM')).toEqual({ code: 0, signal: null });
      } finally {
        for (const socket of sockets) socket.destroy();
        await server.end('SIGKILL');
        await place.clear();
      }
    },
  );
});
