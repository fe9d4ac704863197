/** One thing that is wrong: where, and which rule it breaks. Never holds a value. */
export interface Problem {
  /** The key's path in kratos.yml, an environment variable's name, or a file's name. */
  readonly path: string;
  readonly message: string;
  /** Kratos has the key and Regain does not: `regain.ignore` may name it. */
  readonly ignorable?: true;
}

/** Everything that is wrong with a configuration, at once. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';

  constructor(readonly problems: readonly Problem[]) {
    const lines = problems.map(({ path, message }) => `  ${path}: ${message}`);
    super(['The configuration cannot be used:', ...lines, ...ignoreHint(problems)].join('\n'));
  }
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
