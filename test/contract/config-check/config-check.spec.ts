/** What `regain config check` says of files with one kind of mistake each: everything, in one round. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runConfigCheck } from '../../../src/cli/config-check.js';
import EXPECTED from './expected.json' with { type: 'json' };

const FOLDER = resolve('test/contract/config-check');

interface Expectation {
  readonly env?: Readonly<Record<string, string>>;
  /** every problem, and every warning: beginnings */
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
  const named = problems.map(({ path, message }) => `${path.replace(FOLDER + sep, '')}: ${message}`);
  return { code, problems: named, warnings };
}

/** Each beginning has its line, and no line is left over. */
function expectLines(lines: readonly string[], beginnings: readonly string[]): void {
  const found = beginnings.map((begin) => lines.find((line) => line.startsWith(begin)) ?? `missing: ${begin}`);
  expect([...found].sort()).toEqual([...lines].sort());
}

describe('files with one kind of mistake each', () => {
  test('say in their first line which, and are all tried', () => {
    const files = readdirSync(FOLDER).filter((file) => /\.(yml|toml)$/.test(file));
    expect(SAMPLES.map(({ file }) => file).sort()).toEqual(files.sort());
    expect(files.filter((file) => !/^# .{10,}\n/.test(readFileSync(join(FOLDER, file), 'utf8')))).toEqual([]);
  });

  test.each(SAMPLES)('$file: all problems and all warnings at once', async ({ file, env, problems, warnings }) => {
    const found = await said(file, env);
    expectLines(found.problems, problems);
    expectLines(found.warnings, warnings);
    expect(found.code).toBe(problems.length === 0 ? 0 : 1);
  });
});
