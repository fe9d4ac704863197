/** A hash of a kind that this server verifies but never creates. */
export interface ImportedHash {
  /** false: verifying it would cost more memory or time than one login may */
  readonly affordable: boolean;
  /** present if guessing is nearly free: such a hash is not stored as it is (see wrapped-hash.ts) */
  readonly fast?: FastHash;
  verify(clear: string): Promise<boolean>;
}

/** A digest of a password, and how to compute the same kind of digest for another password. */
export interface FastHash {
  /** the hash's text with its digest replaced, so that it reveals nothing */
  readonly blank: string;
  readonly digest: Buffer;
  digestOf(clear: string): Buffer;
}

/** Undefined: the text is of another kind, or malformed. */
export type HashReader = (text: string) => ImportedHash | undefined;

/** Bytes. A shorter digest would match by chance, and an empty one would match every password. */
export const SHORTEST_KEY = 16;
