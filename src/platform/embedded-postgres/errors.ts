/** The embedded database cannot be used. `message` says what is wrong and `remedy` what to do, in one line each. */
export class EmbeddedDatabaseError extends Error {
  readonly remedy: string;

  constructor(message: string, remedy: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'EmbeddedDatabaseError';
    this.remedy = remedy;
  }
}

/** Turns any failure while working in `directory` into one clear line. */
export function explain(error: unknown, directory: string): EmbeddedDatabaseError {
  if (error instanceof EmbeddedDatabaseError) return error;
  const text = error instanceof Error ? error.message.split('\n', 1)[0]! : 'unknown error';
  return new EmbeddedDatabaseError(
    `The embedded PostgreSQL cannot work in ${directory}: ${text}`,
    remedyFor(text, directory),
    { cause: error },
  );
}

export function remedyFor(text: string, directory: string): string {
  if (/ENOSPC|No space left on device|wrote only \d+ of|EDQUOT|Disk quota exceeded/i.test(text))
    return `Free at least 100 MB on the disk that holds ${directory}, or set regain.embedded.data_dir to another directory.`;
  if (/EROFS|Read-only file system|EACCES|EPERM|Permission denied|EEXIST|ENOTDIR|Not a directory/i.test(text))
    return `Set regain.embedded.data_dir to a directory that you can write to, or set a postgres:// dsn.`;
  return `Read postgres.log in ${directory} if it exists, or set a postgres:// dsn.`;
}
