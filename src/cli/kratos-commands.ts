/**
 * Kratos' command lines, for existing scripts and images. Regain accepts those with the same meaning, and answers the others
 * with what to use instead.
 */
const INSTEAD: readonly (readonly [command: string, sentence: string])[] = [
  ['serve public', 'Regain serves both listeners in one process. Use `regain serve`.'],
  ['serve admin', 'Regain serves both listeners in one process. Use `regain serve`.'],
  ['courier watch', 'Every server delivers mail; there is no separate courier. Use `regain serve`.'],
  ['migrate sql down', "Migrations can't be undone. To go back, restore a backup (docs/operations.md)."],
  ['migrate down', "Migrations can't be undone. To go back, restore a backup (docs/operations.md)."],
  ['identities get', 'Use the admin API: GET /admin/identities/{id}.'],
  ['identities list', 'Use the admin API: GET /admin/identities.'],
  ['identities delete', 'Use the admin API: DELETE /admin/identities/{id}.'],
  ['identities patch', 'Use the admin API: PATCH /admin/identities/{id}.'],
  [
    'identities validate',
    'Import them: `regain identities import FILE` reports every identity that violates its schema.',
  ],
  ['hashers', 'No calibration is needed: hashers.argon2 sets the cost of a hash (config/kratos.reference.yml).'],
  ['version', 'Use `regain --version`.'],
  ['jsonnet', "Regain doesn't run jsonnet."],
  ['remote', 'Use GET /health/ready and GET /version on the admin listener.'],
  ['cleanup', 'Use `regain purge`. A running server also purges on schedule (regain.purge.schedule).'],
];

/** The command line in Regain's words, or what to use instead. */
export type KratosCommandLine = { readonly argv: string[] } | { readonly instead: string };

/** @param argv like `process.argv`: two words for the program, then the command line */
export function readKratosCommandLine(argv: readonly string[]): KratosCommandLine {
  const [program, words] = [argv.slice(0, 2), optionsLast(argv.slice(2))];
  const command = words.filter((word, at) => !word.startsWith('-') && at < 4);
  const line = INSTEAD.find(([start]) => `${command.join(' ')} `.startsWith(`${start} `));
  if (line !== undefined && !asksForHelp(words)) return { instead: line[1] };
  return { argv: [...program, ...withoutKratosWords(words)] };
}

/** Kratos also accepts `-c FILE` and `--dev` before the command. */
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

/** Drops words for Regain's only behaviour: a server is one process, and a DSN from the environment always applies. */
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
