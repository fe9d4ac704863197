/** One thing that is wrong: where, and which rule it breaks. Never holds a value. */
export interface Problem {
  /** The key's path in kratos.yml, an environment variable's name, or a file's name. */
  readonly path: string;
  readonly message: string;
}

/** Everything that is wrong with a configuration, at once. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';

  constructor(readonly problems: readonly Problem[]) {
    const lines = problems.map(({ path, message }) => `  ${path}: ${message}`);
    super(['The configuration cannot be used:', ...lines].join('\n'));
  }
}
