/**
 * Closes every run with the line `N passed, N failed`, after the slowest files. In a full run it compares the spec files on
 * disk with those that ran: a file that an include pattern forgets would otherwise be green forever. It looks for `*.spec.*`
 * itself.
 */
import { readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

const SPEC = /\.spec\.[cm]?[jt]sx?$/;
const PLACES = ['src', 'test', 'bench'];
/** Files that are named, with their seconds. */
const SLOWEST = 10;
const NOT_IN_A_RUN = ['test/long', 'test/contract/reference', 'test/architecture/fixture'];

export default class CountsReporter {
  #vitest;

  onInit(vitest) {
    this.#vitest = vitest;
  }

  onTestRunEnd(modules, unhandledErrors) {
    const count = { passed: 0, failed: unhandledErrors.length, skipped: 0, pending: 0 };
    for (const module of modules) {
      count.failed += module.errors().length;
      for (const suite of module.children.allSuites()) count.failed += suite.errors().length;
      for (const test of module.children.allTests()) count[test.result().state]++;
    }
    if (modules.length > SLOWEST)
      for (const line of slowest(modules, this.#vitest.config.root)) process.stdout.write(line);
    const withoutBrowser = this.#vitest.config.exclude.includes('test/browser/**');
    const elsewhere = withoutBrowser ? [...NOT_IN_A_RUN, 'test/browser'] : NOT_IN_A_RUN;
    const forgotten = this.#isFullRun() ? forgottenSpecs(this.#vitest.config.root, modules, elsewhere) : [];
    if (withoutBrowser) {
      process.stdout.write(
        '\nThe browser tests were left out: there is no Chromium (sudo apt-get install -y chromium).',
      );
    }
    for (const file of forgotten) process.stdout.write(`\nThis spec file did not run: ${file}`);
    if (forgotten.length > 0) process.exitCode = 1;
    if (count.skipped > 0) process.stdout.write(`\n${count.skipped} skipped`);
    process.stdout.write(`\n${count.passed} passed, ${count.failed + count.pending + forgotten.length} failed\n`);
  }

  /** Nothing on the command line made the run smaller. */
  #isFullRun() {
    const { config, filenamePattern } = this.#vitest;
    const narrowed = [filenamePattern, config.testNamePattern, config.shard, config.changed, config.related];
    return narrowed.every((value) => !value) && !config.cliExclude?.length && !config.watch;
  }
}

/** Loading a file, its hooks and its tests. */
function slowest(modules, root) {
  const timed = modules.map((module) => {
    const { duration, collectDuration } = module.diagnostic();
    return { file: relative(root, module.moduleId), seconds: (duration + collectDuration) / 1000 };
  });
  timed.sort((a, b) => b.seconds - a.seconds);
  const lines = timed.slice(0, SLOWEST).map(({ file, seconds }) => `\n${seconds.toFixed(1).padStart(7)} s  ${file}`);
  return ['\nThe slowest files:', ...lines];
}

function forgottenSpecs(root, modules, elsewhere) {
  const ran = new Set(modules.map((module) => module.moduleId));
  return PLACES.flatMap((place) => specsIn(root, place, elsewhere)).filter((file) => !ran.has(join(root, file)));
}

function specsIn(root, place, elsewhere) {
  let entries;
  try {
    entries = readdirSync(join(root, place), { withFileTypes: true, recursive: true });
  } catch (error) {
    if (error.code === 'ENOENT') return [];
    throw error;
  }
  return entries
    .filter((entry) => entry.isFile() && SPEC.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((file) => !elsewhere.some((folder) => file.startsWith(`${folder}/`)));
}
