/** One mistake: where it is and which rule it breaks. Never contains a value. */
export interface Problem {
  /** path of a key in kratos.yml, name of an environment variable, or name of a file */
  readonly path: string;
  readonly message: string;
  /** Kratos has the key and Regain doesn't, so `regain.ignore` may name it. */
  readonly ignorable?: true;
}

/** Problems to print; the first ones usually explain the rest. */
const MOST_SHOWN = 50;

/** All problems and warnings of a configuration. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';

  constructor(
    readonly problems: readonly Problem[],
    readonly warnings: readonly string[] = [],
  ) {
    const lines = shown(problems).map((line) => `  ${line}`);
    const besides = warnings.length === 0 ? [] : ['Warnings:', ...warnings.map((line) => `  ${line}`)];
    super(['The configuration is invalid:', ...lines, ...ignoreHint(problems), ...besides].join('\n'));
  }
}

/** One line per problem, up to a readable number. */
export function shown(problems: readonly Problem[]): string[] {
  const lines = problems.slice(0, MOST_SHOWN).map(({ path, message }) => `${path}: ${message}`);
  const more = problems.length - lines.length;
  return more === 0 ? lines : [...lines, `and ${more} more`];
}

/** Says how to leave keys to Kratos that only Kratos supports. Empty if there are none. */
export function ignoreHint(problems: readonly Problem[]): string[] {
  const paths = new Set(problems.map(ignorablePath).filter((path) => path !== undefined));
  if (paths.size === 0) return [];
  const list = [...paths].join(', ');
  return [`To leave these keys to Kratos, add to your file: regain: { ignore: [${list}] }`];
}

/** For an unsupported hook, the path of its list. */
function ignorablePath({ path, ignorable }: Problem): string | undefined {
  if (ignorable) return path;
  return /^(.+\.after(?:\.\w+)?\.hooks)\[\d+\]\.hook$/.exec(path)?.[1];
}
