/** One thing that is wrong: where, and which rule it breaks. Never holds a value. */
export interface Problem {
  /** The key's path in kratos.yml, an environment variable's name, or a file's name. */
  readonly path: string;
  readonly message: string;
  /** Kratos has the key and Regain does not: `regain.ignore` may name it. */
  readonly ignorable?: true;
}

/** Problems that a person is shown at once; the first ones usually explain the rest. */
const MOST_SHOWN = 50;

/** Everything that is wrong with a configuration, at once, and what is worth a second look besides. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';

  constructor(
    readonly problems: readonly Problem[],
    readonly warnings: readonly string[] = [],
  ) {
    const lines = shown(problems).map((line) => `  ${line}`);
    const besides = warnings.length === 0 ? [] : ['Warnings:', ...warnings.map((line) => `  ${line}`)];
    super(['The configuration cannot be used:', ...lines, ...ignoreHint(problems), ...besides].join('\n'));
  }
}

/** A line for each problem, as many as a person reads. */
export function shown(problems: readonly Problem[]): string[] {
  const lines = problems.slice(0, MOST_SHOWN).map(({ path, message }) => `${path}: ${message}`);
  const more = problems.length - lines.length;
  return more === 0 ? lines : [...lines, `and ${more} more`];
}

/** How to leave to Kratos what only Kratos does; no line where there is nothing of the kind. */
export function ignoreHint(problems: readonly Problem[]): string[] {
  const paths = new Set(problems.map(ignorablePath).filter((path) => path !== undefined));
  if (paths.size === 0) return [];
  const list = [...paths].join(', ');
  return [`To leave to Kratos what only Kratos does, say it in the file: regain: { ignore: [${list}] }`];
}

/** Of a hook that Regain does not run, the list that it stands in. */
function ignorablePath({ path, ignorable }: Problem): string | undefined {
  if (ignorable) return path;
  return /^(.+\.after(?:\.\w+)?\.hooks)\[\d+\]\.hook$/.exec(path)?.[1];
}
