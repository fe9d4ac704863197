/** A hash of a kind that this server reads and never makes. */
export interface ImportedHash {
  /** false: verifying it would cost more memory or time than one login may */
  readonly affordable: boolean;
  /** present where a guess costs next to nothing: such a hash is not stored as it is (see wrapped-hash.ts) */
  readonly fast?: FastHash;
  verify(clear: string): Promise<boolean>;
}

/** A digest of a password, and how to make the same one of another password. */
export interface FastHash {
  /** the hash's text with another digest, which tells nothing */
  readonly blank: string;
  readonly digest: Buffer;
  digestOf(clear: string): Buffer;
}

/** Undefined: the text is of another kind, or malformed. */
export type HashReader = (text: string) => ImportedHash | undefined;

/** Bytes: a shorter digest is met by chance, an empty one by everybody. */
export const SHORTEST_KEY = 16;
