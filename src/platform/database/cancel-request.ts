import type { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import pg from 'pg';

/** Fields of a pg client that its type declarations mostly leave out. */
interface Addressed {
  readonly host: string;
  readonly port: number;
  readonly ssl: unknown;
  readonly sslNegotiation: string;
  /** null until the server has sent it */
  readonly processID: number | null;
  readonly secretKey: number | null;
}

/** Members of the driver's connection that its type declarations leave out. */
interface Wire extends EventEmitter {
  readonly stream: Socket;
  connect(portOrSocket: number | string, host?: string): void;
  requestSsl(): void;
  cancel(processID: number, secretKey: number): void;
}

/**
 * Asks the server, over a second connection, to cancel the client's running statement. The server closes the second
 * connection once it has done so.
 * @returns whether it did so within `milliseconds`; never rejects
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
    wire.on('error', () => give(sent)); // a server that resets the connection has already read the request
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
