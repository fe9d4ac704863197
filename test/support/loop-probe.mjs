/**
 * Loaded into a server process (`--import`): how long its event loop was kept from its next turn. What counts is the time of the
 * processor that the main thread used between two turns, so a busy machine makes no difference. Whoever connects to the socket in
 * LOOP_PROBE is told the longest of it, in milliseconds, since somebody asked before.
 */
import { createServer } from 'node:net';
import { setInterval } from 'node:timers';

/** Milliseconds between two looks; the longest work between two turns is found to that precision. */
const PERIOD = 2;

const used = () => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
};

let last = used();
let longest = 0;
setInterval(() => {
  const now = used();
  longest = Math.max(longest, now - last);
  last = now;
}, PERIOD).unref();

const socket = process.env['LOOP_PROBE'];
if (socket)
  createServer((client) => {
    client.on('error', () => undefined);
    client.end(String(longest));
    longest = 0;
  })
    .listen(socket)
    .unref();
