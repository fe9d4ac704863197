import { ESLint } from 'eslint';
import { expect, test } from 'vitest';

const eslint = new ESLint();

/** The rules that report `code` when linted as `filePath`. */
async function reported(code: string, filePath: string): Promise<(string | null)[]> {
  const [result] = await eslint.lintText(code, { filePath });
  return result!.messages.map((message) => message.ruleId);
}

const HERE = 'src/identity/identity.service.ts';

test.each([
  ['the current time', 'export const now = new Date();', 'no-restricted-syntax'],
  ['the current time as text', 'export const now = Date();', 'no-restricted-syntax'],
  ['the current time as a number', 'export const now = Date.now();', 'no-restricted-syntax'],
  ['randomness', 'export const dice = Math.random();', 'no-restricted-syntax'],
  ['the environment', 'export const dsn = process.env.DSN;', 'no-restricted-syntax'],
  ['the environment, destructured', 'const { env } = process;\nexport { env };', 'no-restricted-syntax'],
  ['the environment, imported', "export { env } from 'node:process';", 'no-restricted-imports'],
  ['forwardRef', "export { forwardRef } from '@nestjs/common';", 'no-restricted-imports'],
  ['any', 'export const it: any = 1;', '@typescript-eslint/no-explicit-any'],
  ['a disabled type check', '// @ts-ignore\nexport const it = 1;', '@typescript-eslint/ban-ts-comment'],
  ['a long file', 'export {};\n'.repeat(351), 'max-lines'],
])('%s is reported', async (_what, code, rule) => {
  expect(await reported(code, HERE)).toEqual([rule]);
});

test('a disable comment has no effect', async () => {
  const code = '/* eslint-disable */\nexport const now = Date.now(); // eslint-disable-line\n';
  expect(await reported(code, HERE)).toContain('no-restricted-syntax');
});

test('a fixed date is allowed', async () => {
  expect(await reported('export const then = new Date(0);', HERE)).toEqual([]);
});

test.each([
  ['src/platform/clock/index.ts', 'export const now = new Date();', []],
  ['src/platform/clock/index.ts', 'export const dsn = process.env.DSN;', ['no-restricted-syntax']],
  ['src/platform/random/index.ts', 'export const dice = Math.random();', []],
  ['src/platform/random/index.ts', 'export const now = Date.now();', ['no-restricted-syntax']],
  ['src/config/process-environment.ts', 'export const all = process.env;', []],
  ['src/config/loader.ts', 'export const now = Date.now();', ['no-restricted-syntax']],
  ['src/cli/serve.ts', 'export const all = process.env;', ['no-restricted-syntax']],
])('in %s: %s', async (file, code, rules) => {
  expect(await reported(code, file)).toEqual(rules);
});
