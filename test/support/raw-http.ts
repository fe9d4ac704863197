import { connect } from 'node:net';

/**
 * Sends exactly these bytes on a new connection. Resolves to everything received once the server has closed it, or
 * after `wait` ms.
 */
export function sendRaw(base: string, bytes: string | Buffer, wait = 3_000): Promise<{ text: string; ms: number }> {
  const { hostname, port } = new URL(base);
  const begun = performance.now();
  return new Promise((done) => {
    let text = '';
    const socket = connect(Number(port), hostname);
    const timer = setTimeout(() => socket.destroy(), wait);
    socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
    socket.on('error', () => socket.destroy()); // a reset ends it as well
    socket.on('close', () => {
      clearTimeout(timer);
      done({ text, ms: performance.now() - begun });
    });
    socket.write(bytes);
  });
}

/** The status of a raw answer; 0 if none came. */
export const statusOf = ({ text }: { text: string }): number => Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0);

const TICK = 5;

/** The longest time in ms for which the event loop was blocked. A test's server runs in the same process. */
export async function longestBlock(work: () => Promise<unknown>): Promise<number> {
  let worst = 0;
  let last = performance.now();
  const look = (): void => {
    const now = performance.now();
    worst = Math.max(worst, now - last - TICK);
    last = now;
  };
  const timer = setInterval(look, TICK);
  try {
    await work();
    look();
  } finally {
    clearInterval(timer);
  }
  return Math.round(worst);
}
