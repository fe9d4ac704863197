import type { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import pg from 'pg';

/** What a client knows of its connection; its type declarations leave most of it out. */
interface Addressed {
  readonly host: string;
  readonly port: number;
  readonly ssl: unknown;
  readonly sslNegotiation: string;
  /** null before the server has said them */
  readonly processID: number | null;
  readonly secretKey: number | null;
}

/** The driver's connection, for the same reason. */
interface Wire extends EventEmitter {
  readonly stream: Socket;
  connect(portOrSocket: number | string, host?: string): void;
  requestSsl(): void;
  cancel(processID: number, secretKey: number): void;
}

/**
 * Asks the server, on a connection of its own, to cancel what the client's connection is doing. The server closes that
 * connection once it has done so.
 * @returns whether it did within so many milliseconds; never rejects
 */
export function cancelRequest(client: pg.Client, milliseconds: number): Promise<boolean> {
  const { host, port, ssl, sslNegotiation, processID, secretKey } = client as unknown as Addressed;
  if (processID === null || secretKey === null) return Promise.resolve(false);
  const wire = new pg.Connection({ ssl, sslNegotiation } as pg.ConnectionConfig) as unknown as Wire;
  return new Promise((resolve) => {
    let sent = false;
    const give = (heard: boolean): void => {
      clearTimeout(timer);
      wire.stream.destroy();
      resolve(heard);
    };
    const timer = setTimeout(() => give(false), milliseconds);
    const send = (): void => {
      sent = true;
      wire.cancel(processID, secretKey);
    };
    wire.on('error', () => give(sent)); // a server that resets the connection has read the request
    wire.once('end', () => give(sent));
    wire.on('sslconnect', send);
    wire.on('connect', () => {
      if (!ssl) send();
      else if (sslNegotiation !== 'direct') wire.requestSsl();
    });
    if (host.startsWith('/')) wire.connect(`${host}/.s.PGSQL.${port}`);
    else wire.connect(port, host);
  });
}
