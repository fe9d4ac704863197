import { Injectable } from '@nestjs/common';
import { HashersConfig } from '../../config/index.js';
import { formatOf, isAffordable, namesKnownKind } from '../passwords/hash-formats.js';

/** What becomes of a hash that was made elsewhere. */
export interface HashFate {
  /** `bcrypt`, `argon2id`, `md5`, …; `unknown` for what names none that this server knows */
  readonly kind: string;
  /** `wrapped`: guessed too fast as it is, and stored within argon2id */
  readonly fate: 'kept' | 'wrapped' | 'too_costly' | 'unknown';
}

const LDAP: Readonly<Record<string, string>> = { '{SSHA}': 'ssha', '{SSHA256}': 'ssha256', '{SSHA512}': 'ssha512' };

/** Looks at hashes without doing any of their work. */
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
   * What of a hash stays the same, whenever it is stored: all of it, or for one that is stored wrapped how its digest is
   * made. Says that a stored hash came from a given one as far as that can be said without the password.
   */
  formOf(hash: string): string {
    const format = formatOf(hash);
    if (format?.kind === 'wrapped') return `wrapped ${format.fast.blank}`;
    if (format?.kind === 'imported' && format.hash.fast !== undefined) return `wrapped ${format.hash.fast.blank}`;
    return hash;
  }
}

/** Of a hash of a known kind. */
function nameOf(hash: string): string {
  if (/^\$2[abyz]?\$/.test(hash)) return 'bcrypt';
  return /^\$([a-z0-9-]+)\$/.exec(hash)?.[1] ?? LDAP[/^\{[A-Z0-9]+\}/.exec(hash)?.[0] ?? ''] ?? 'unknown';
}
