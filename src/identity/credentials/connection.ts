/** One account of a provider that an identity signs in with, as its credential keeps it. */
export interface StoredConnection {
  readonly provider: string;
  readonly subject: string;
  /** the provider's tokens, sealed; absent unless they are to be kept */
  readonly tokens?: string;
}

/** The connections of a credential's config; what is not one is left out. */
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

/** As credentials show it: `acme:1234`. Ids of providers hold no colon, so it is never that of another pair. */
export const identifierOf = ({ provider, subject }: StoredConnection): string => `${provider}:${subject}`;
