import { parseOptions as argon2Options } from '@node-rs/argon2';
import type { HashersConfig } from '../../config/index.js';
import type { FastHash, ImportedHash } from './imported/imported-hash.js';
import { readImported } from './imported/read-imported.js';

/** A stored hash, and the cost of verifying it. `memory` in KiB. */
type HashFormat =
  | { readonly kind: 'bcrypt'; readonly cost: number }
  | Argon2Format
  | { readonly kind: 'imported'; readonly hash: ImportedHash }
  | WrappedFormat;

interface Argon2Format {
  readonly kind: 'argon2';
  readonly variant: 'argon2id' | 'argon2i';
  readonly memory: number;
  readonly iterations: number;
  readonly parallelism: number;
  readonly keyLength: number;
}

/** argon2 over a digest that would be guessed instantly on its own. */
interface WrappedFormat {
  readonly kind: 'wrapped';
  readonly fast: FastHash;
  readonly outer: Argon2Format;
  /** the argon2 hash of the digest, in base64 */
  readonly outerHash: string;
}

/** All variants are verified as `$2b$`, like in Kratos. */
const BCRYPT = /^\$2[abyz]?\$(0[4-9]|[12]\d|3[01])\$[./A-Za-z0-9]{53}$/;
const ARGON2 =
  /^\$(argon2id|argon2i)\$v=(?:16|19)\$m=\d{1,10},t=\d{1,10},p=\d{1,3}\$[A-Za-z0-9+/]{11,88}\$[A-Za-z0-9+/]{14,172}$/;

const WRAPPED = /^\$wrapped\$([A-Za-z0-9_-]+)(\$argon2id\$.+)$/;

/** Prefixes of the hash kinds that Kratos accepts. */
const KNOWN =
  /^(?:\$(?:md5-crypt|2[abyz]?|sha256-crypt|sha512-crypt|argon2id?|pbkdf2-sha\d{1,3}|scrypt|sha1|sha256|sha512|firescrypt|md5|hmac-(?:md[45]|sha(?:1|224|256|384|512)))\$|\{SSHA(?:256|512)?\})/;

/** bcrypt ignores all bytes of a password after these. */
export const BCRYPT_BYTES = 72;

/**
 * Upper limits for a hash from another system: KiB at once, KiB times passes, bcrypt's cost. Kratos' default (128 MB,
 * one pass) is well within them. The configured parameters are accepted even if they are higher.
 */
const CEILING = { memory: 262_144, work: 1_048_576, parallelism: 64, cost: 15 };

/** Undefined: not a hash that this server can verify. */
export function formatOf(hash: string): HashFormat | undefined {
  const cost = BCRYPT.exec(hash)?.[1];
  if (cost !== undefined) return { kind: 'bcrypt', cost: Number(cost) };
  const imported = readImported(hash);
  return imported ? { kind: 'imported', hash: imported } : (argon2Format(hash) ?? wrappedFormat(hash));
}

/** Whether the text starts like a known kind of hash, even if it is not a valid one. */
export const namesKnownKind = (hash: string): boolean => KNOWN.test(hash);

/**
 * The stored form of a fast hash.
 * @param outerHash argon2 of its digest, in base64
 */
export function wrapped(fast: FastHash, outerHash: string): string {
  return `$wrapped$${Buffer.from(fast.blank).toString('base64url')}${outerHash}`;
}

function argon2Format(hash: string): Argon2Format | undefined {
  const variant = ARGON2.exec(hash)?.[1];
  if (variant !== 'argon2id' && variant !== 'argon2i') return undefined;
  try {
    const { memoryCost, timeCost, parallelism, outputLen } = argon2Options(hash);
    return { kind: 'argon2', variant, memory: memoryCost, iterations: timeCost, parallelism, keyLength: outputLen };
  } catch {
    return undefined;
  }
}

function wrappedFormat(hash: string): WrappedFormat | undefined {
  const [, blank = '', outerHash = ''] = WRAPPED.exec(hash) ?? [];
  const fast = readImported(Buffer.from(blank, 'base64url').toString())?.fast;
  const outer = argon2Format(outerHash);
  return fast && outer ? { kind: 'wrapped', fast, outer, outerHash } : undefined;
}

/** False: verifying it would cost more memory or time than one login may. */
export function isAffordable(format: HashFormat, hashers: HashersConfig): boolean {
  const { argon2, bcrypt } = hashers;
  if (format.kind === 'bcrypt') return format.cost <= Math.max(CEILING.cost, bcrypt.cost);
  if (format.kind === 'imported') return format.hash.affordable;
  if (format.kind === 'wrapped') return isAffordable(format.outer, hashers);
  return (
    format.memory <= Math.max(CEILING.memory, argon2.memory) &&
    format.memory * format.iterations <= Math.max(CEILING.work, argon2.memory * argon2.iterations) &&
    format.parallelism <= Math.max(CEILING.parallelism, argon2.parallelism)
  );
}

/** True if the hash has the parameters that the configuration now sets. */
export function isCurrent(format: HashFormat, { algorithm, argon2, bcrypt }: HashersConfig): boolean {
  if (format.kind === 'bcrypt') return algorithm === 'bcrypt' && format.cost === bcrypt.cost;
  return (
    format.kind === 'argon2' &&
    algorithm === 'argon2' &&
    format.variant === 'argon2id' &&
    format.memory === argon2.memory &&
    format.iterations === argon2.iterations &&
    format.parallelism === argon2.parallelism &&
    format.keyLength === argon2.key_length
  );
}
