import { Injectable } from '@nestjs/common';
import { HashersConfig } from '../../config/index.js';
import { formatOf, isAffordable, namesKnownKind } from '../passwords/hash-formats.js';

/** What happens to a hash from another system. */
export interface HashFate {
  /** `bcrypt`, `argon2id`, `md5`, …; `unknown` if the hash names no algorithm that this server can verify */
  readonly kind: string;
  /** `wrapped`: too fast to guess on its own, so it is stored inside argon2id */
  readonly fate: 'kept' | 'wrapped' | 'too_costly' | 'unknown';
}

const LDAP: Readonly<Record<string, string>> = { '{SSHA}': 'ssha', '{SSHA256}': 'ssha256', '{SSHA512}': 'ssha512' };

/** Classifies hashes without computing any. */
@Injectable()
export class ImportedPasswords {
  constructor(private readonly hashers: HashersConfig) {}

  fateOf(hash: string): HashFate {
    const format = formatOf(hash);
    const kind = namesKnownKind(hash) ? nameOf(hash) : 'unknown';
    if (format === undefined || format.kind === 'wrapped') return { kind, fate: 'unknown' };
    if (!isAffordable(format, this.hashers)) return { kind, fate: 'too_costly' };
    return { kind, fate: format.kind === 'imported' && format.hash.fast !== undefined ? 'wrapped' : 'kept' };
  }

  /**
   * The part of a hash that is the same every time it is stored: all of it, or, for a wrapped hash, how its digest is
   * made. Shows that a stored hash came from a given one, as far as that is possible without the password.
   */
  formOf(hash: string): string {
    const format = formatOf(hash);
    if (format?.kind === 'wrapped') return `wrapped ${format.fast.blank}`;
    if (format?.kind === 'imported' && format.hash.fast !== undefined) return `wrapped ${format.hash.fast.blank}`;
    return hash;
  }
}

/** The algorithm name of a hash of a known kind. */
function nameOf(hash: string): string {
  if (/^\$2[abyz]?\$/.test(hash)) return 'bcrypt';
  return /^\$([a-z0-9-]+)\$/.exec(hash)?.[1] ?? LDAP[/^\{[A-Z0-9]+\}/.exec(hash)?.[0] ?? ''] ?? 'unknown';
}
