import { isNamed, type KeyPair, readKeyPair, sourceKind, UnusableKeyPair } from '../platform/tls/index.js';
import { ConfigurationError, type Problem } from './config.errors.js';
import type { ServeConfig } from './sections/serve.config.js';

/** What each listener serves TLS with; undefined: it does not. */
export interface KeyPairs {
  readonly public: KeyPair | undefined;
  readonly admin: KeyPair | undefined;
}

/**
 * Reads what `serve.*.tls` names. Only who listens needs it: commands run where the files may be out of reach.
 *
 * @throws ConfigurationError with everything that is wrong on both listeners, never with what is in a file
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
