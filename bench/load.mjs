/** A small load generator on plain sockets: `concurrency` keep-alive connections with one request at a time on each. */
import { connect } from 'node:net';

/**
 * Sends every request once.
 * @param {number} port on 127.0.0.1
 * @param {string[]} requests complete HTTP/1.1 requests (see `request`)
 * @param {number} expected the required status of every answer
 * @returns {Promise<{ perSecond: number, answers: { head: string, body: string }[] }>} answers in the order of the requests
 */
export async function load(port, requests, expected, concurrency = 16) {
  const answers = new Array(requests.length);
  let next = 0;
  const began = performance.now();
  await Promise.all(
    Array.from({ length: Math.min(concurrency, requests.length) }, async () => {
      const connection = await open(port);
      try {
        while (next < requests.length) {
          const at = next++;
          const answer = await connection.send(requests[at]);
          const status = Number(answer.head.slice(9, 12));
          if (status !== expected) throw new Error(`expected ${expected}, got ${answer.head}\n\n${answer.body}`);
          answers[at] = answer;
        }
      } finally {
        connection.close();
      }
    }),
  );
  return { perSecond: (1000 * requests.length) / (performance.now() - began), answers };
}

/** @returns {string} one HTTP/1.1 request as text; a body is sent as JSON */
export function request(method, path, headers = {}, body = undefined) {
  const text = body === undefined ? '' : JSON.stringify(body);
  const all = { host: '127.0.0.1', ...headers };
  if (body !== undefined)
    Object.assign(all, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${text}`;
}

/** The values of a header, in order. */
export function header(head, name) {
  const found = head.matchAll(new RegExp(`^${name}: (.*)$`, 'gim'));
  return [...found].map((match) => match[1].trim());
}

function open(port) {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    let received = Buffer.alloc(0);
    let waiting;
    const lost = (error) => {
      reject(error);
      waiting?.reject(error);
    };
    socket.on('error', lost);
    socket.on('close', () => lost(new Error('the server closed the connection')));
    socket.on('data', (chunk) => {
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
      const answer = complete(received);
      if (answer === undefined || waiting === undefined) return;
      received = received.subarray(answer.length);
      const { resolve: done } = waiting;
      waiting = undefined;
      done(answer);
    });
    socket.on('connect', () =>
      resolve({
        send: (text) =>
          new Promise((done, failed) => {
            waiting = { resolve: done, reject: failed };
            socket.write(text);
          }),
        close: () => socket.destroy(),
      }),
    );
  });
}

/** The first complete answer in `bytes`; undefined if it is incomplete. */
function complete(bytes) {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const head = bytes.toString('latin1', 0, end);
  const start = end + 4;
  const known = /^content-length: (\d+)$/im.exec(head);
  if (known !== null) {
    const length = start + Number(known[1]);
    return bytes.length < length ? undefined : { head, body: bytes.toString('utf8', start, length), length };
  }
  if (!/^transfer-encoding: chunked$/im.test(head)) return { head, body: '', length: start };
  const last = bytes.indexOf('\r\n0\r\n\r\n', end);
  return last < 0 ? undefined : { head, body: bytes.toString('utf8', start, last), length: last + 7 };
}
