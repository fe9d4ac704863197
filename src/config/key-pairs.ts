import { isNamed, type KeyPair, readKeyPair, sourceKind, UnusableKeyPair } from '../platform/tls/index.js';
import { ConfigurationError, type Problem } from './config.errors.js';
import type { ServeConfig } from './sections/serve.config.js';

/** The key pair of each listener; undefined if it serves plain HTTP. */
export interface KeyPairs {
  readonly public: KeyPair | undefined;
  readonly admin: KeyPair | undefined;
}

/**
 * Reads the files of `serve.*.tls`. Only servers need them; other commands may run where they are inaccessible.
 *
 * @throws ConfigurationError with all problems of both listeners, never with the content of a file
 */
export async function readKeyPairs(serve: ServeConfig): Promise<KeyPairs> {
  const problems: Problem[] = [];
  const pairs = { public: await readOne(serve, 'public', problems), admin: await readOne(serve, 'admin', problems) };
  if (problems.length > 0) throw new ConfigurationError(problems);
  return pairs;
}

async function readOne(serve: ServeConfig, listener: keyof KeyPairs, problems: Problem[]) {
  const { tls } = serve[listener];
  if (!isNamed(tls)) return undefined;
  try {
    return await readKeyPair(tls);
  } catch (error) {
    if (!(error instanceof UnusableKeyPair)) throw error;
    const kind = sourceKind(tls) ?? 'path';
    for (const { part, message } of error.flaws)
      problems.push({ path: `serve.${listener}.tls.${part}.${kind}`, message });
    return undefined;
  }
}
