/** What `regain config check` reports for files with one kind of mistake each: everything, in one run. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runConfigCheck } from '../../../src/cli/config-check.js';
import EXPECTED from './expected.json' with { type: 'json' };

const FOLDER = resolve('test/contract/config-check');

interface Expectation {
  readonly env?: Readonly<Record<string, string>>;
  /** the path of each problem, and the first word of each warning */
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

const SAMPLES = Object.entries(EXPECTED as Record<string, Expectation>).map(([file, expected]) => ({
  file,
  ...expected,
}));

async function said(file: string, env: Readonly<Record<string, string>> = {}) {
  const lines: string[] = [];
  const io = { out: (line: string) => void lines.push(line), err: (line: string) => void lines.push(line) };
  const code = await runConfigCheck({ files: [join(FOLDER, file)], dev: false, format: 'json', env }, io);
  const { problems, warnings } = JSON.parse(lines[0]!) as {
    problems: { path: string; message: string }[];
    warnings: string[];
  };
  const paths = problems.map(({ path }) => path.replace(FOLDER + sep, ''));
  return { code, problems: paths, warnings: warnings.map((line) => line.split(/[: ]/)[0]!) };
}

describe('files with one kind of mistake each', () => {
  test('name their mistake in the first line, and are all tested', () => {
    const files = readdirSync(FOLDER).filter((file) => /\.(yml|toml)$/.test(file));
    expect(SAMPLES.map(({ file }) => file).sort()).toEqual(files.sort());
    expect(files.filter((file) => !/^# .{10,}\n/.test(readFileSync(join(FOLDER, file), 'utf8')))).toEqual([]);
  });

  test.each(SAMPLES)('$file: all problems and all warnings at once', async ({ file, env, problems, warnings }) => {
    const found = await said(file, env);
    expect(found.problems.sort()).toEqual([...problems].sort());
    expect(found.warnings.sort()).toEqual([...warnings].sort());
    expect(found.code).toBe(problems.length === 0 ? 0 : 1);
  });
});
