/**
 * Command lines of Kratos, for scripts and images that have them: what means the same here is understood, and the rest is told
 * what to write instead.
 */
const INSTEAD: readonly (readonly [command: string, sentence: string])[] = [
  ['serve public', 'Regain serves both listeners in one process: write `regain serve`.'],
  ['serve admin', 'Regain serves both listeners in one process: write `regain serve`.'],
  ['courier watch', 'Every server delivers its messages: there is no courier of its own to run. Write `regain serve`.'],
  ['migrate sql down', 'Migrations only go up: to go back, restore a backup (docs/operations.md).'],
  ['migrate down', 'Migrations only go up: to go back, restore a backup (docs/operations.md).'],
  ['identities get', 'Ask the admin API: GET /admin/identities/{id}.'],
  ['identities list', 'Ask the admin API: GET /admin/identities.'],
  ['identities delete', 'Ask the admin API: DELETE /admin/identities/{id}.'],
  ['identities patch', 'Ask the admin API: PATCH /admin/identities/{id}.'],
  ['identities validate', 'Import them: `regain identities import FILE` names every one that its schema refuses.'],
  [
    'hashers',
    'Nothing has to be calibrated: hashers.argon2 says how costly a password is (config/kratos.reference.yml).',
  ],
  ['jsonnet', 'Regain runs no jsonnet.'],
  ['remote', 'Ask the server: GET /health/ready and GET /version on the admin listener.'],
  ['cleanup', 'Write `regain purge`; a running server does it by itself (regain.purge.schedule).'],
];

/** The same command line with other words, or what to write instead of it. */
export type KratosCommandLine = { readonly argv: string[] } | { readonly instead: string };

/** @param argv as `process.argv` has it: two words for the program, then the command line */
export function readKratosCommandLine(argv: readonly string[]): KratosCommandLine {
  const [program, words] = [argv.slice(0, 2), optionsLast(argv.slice(2))];
  const command = words.filter((word, at) => !word.startsWith('-') && at < 4);
  const line = INSTEAD.find(([start]) => `${command.join(' ')} `.startsWith(`${start} `));
  if (line !== undefined && !asksForHelp(words)) return { instead: line[1] };
  return { argv: [...program, ...withoutKratosWords(words)] };
}

/** `-c FILE` and `--dev` may stand before the command, too. */
function optionsLast(words: readonly string[]): string[] {
  const leading: string[] = [];
  const rest = [...words];
  while (rest.length > 0) {
    const [word = '', value] = rest;
    if (/^(--dev|--config=.+|-c=?.+)$/.test(word)) leading.push(...rest.splice(0, 1));
    else if (/^(-c|--config)$/.test(word) && value !== undefined) leading.push(...rest.splice(0, 2));
    else break;
  }
  return [...rest, ...leading];
}

/** Words that ask for what is done anyway: a server is one process, and a DSN of the environment always counts. */
function withoutKratosWords(words: readonly string[]): string[] {
  const [command, second, third] = words;
  if (command === 'serve') return [command, ...words.slice(second === 'all' ? 2 : 1).filter(isNoKratosFlag)];
  if (command !== 'migrate') return [...words];
  const flags = words.slice(1).filter((word) => !/^(-[ey]|-ey|-ye|--read-from-env|--yes)$/.test(word));
  if (second !== 'sql') return [command, ...flags];
  if (third === 'status') return [command, '--check', ...flags.slice(2)];
  return [command, ...flags.slice(third === 'up' ? 2 : 1)];
}

const isNoKratosFlag = (word: string): boolean => word !== '--sqa-opt-out';

const asksForHelp = (words: readonly string[]): boolean => words.some((word) => word === '--help' || word === '-h');
