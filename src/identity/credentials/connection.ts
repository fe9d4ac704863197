/** A provider account that an identity signs in with, as stored in its credential. */
export interface StoredConnection {
  readonly provider: string;
  readonly subject: string;
  /** the provider's tokens, encrypted; absent unless the configuration keeps them */
  readonly tokens?: string;
}

/** The connections in a credential's config; malformed entries are skipped. */
export function connectionsOf(config: unknown): StoredConnection[] {
  const providers: unknown = (config as { providers?: unknown } | null | undefined)?.providers;
  if (!Array.isArray(providers)) return [];
  return providers.filter(
    (each): each is StoredConnection =>
      typeof (each as StoredConnection | null)?.provider === 'string' &&
      typeof (each as StoredConnection).subject === 'string' &&
      (each as StoredConnection).subject !== '',
  );
}

export const sameConnection = (a: StoredConnection, b: StoredConnection): boolean =>
  a.provider === b.provider && a.subject === b.subject;

/** The identifier in a credential: `acme:1234`. Provider ids contain no colon, so each pair has its own identifier. */
export const identifierOf = ({ provider, subject }: StoredConnection): string => `${provider}:${subject}`;
