import { describe, expect, test } from 'vitest';
import { readKratosCommandLine } from './kratos-commands.js';

const read = (line: string) => readKratosCommandLine(['node', 'regain', ...line.split(' ')]);
const understood = (line: string): string => {
  const result = read(line);
  return 'argv' in result ? result.argv.slice(2).join(' ') : `instead: ${result.instead}`;
};

describe('a Kratos command line with the same meaning', () => {
  test.each([
    ['serve all -c a.yml', 'serve -c a.yml'],
    ['serve -c a.yml --watch-courier --sqa-opt-out', 'serve -c a.yml --watch-courier'],
    ['-c a.yml serve', 'serve -c a.yml'],
    ['--config a.yml -c b.yml --dev serve all', 'serve --config a.yml -c b.yml --dev'],
    ['--config=a.yml config check', 'config check --config=a.yml'],
    ['-c a.yml migrate sql -e --yes', 'migrate -c a.yml'],
    ['migrate sql -e --yes', 'migrate'],
    ['migrate sql --read-from-env -y -c a.yml', 'migrate -c a.yml'],
    ['migrate sql up -e', 'migrate'],
    ['migrate sql status -e', 'migrate --check'],
    ['migrate -e --check', 'migrate --check'],
  ])('%s is %s', (line, meaning) => expect(understood(line)).toBe(meaning));
});

describe('a Regain command line', () => {
  test.each([
    'serve',
    'serve -c a.yml --dev',
    'migrate --check --format json',
    'recovery link ada@example.com --reason all --expires-in 1h',
    'access-tokens create --name all --scopes identity:read recovery:issue -c a.yml',
    'identities import people.ndjson -c a.yml',
    '--help',
    '--version',
    'hashers --help',
  ])('%s is unchanged', (line) => expect(understood(line)).toBe(line));
});

describe('a Kratos command line without a counterpart', () => {
  test.each([
    ['courier watch -c a.yml', /regain serve/],
    ['-c a.yml courier watch', /regain serve/],
    ['serve admin', /one process/],
    ['migrate sql down -e', /restore a backup/],
    ['cleanup sql -e', /regain purge/],
    ['hashers argon2 calibrate 1s', /hashers\.argon2/],
    ['identities list', /GET \/admin\/identities/],
    ['identities validate a.json', /regain identities import/],
    ['jsonnet lint a', /jsonnet/],
    ['version', /regain --version/],
  ])('%s says what to use instead', (line, sentence) =>
    expect(read(line)).toEqual({ instead: expect.stringMatching(sentence) }),
  );
});
