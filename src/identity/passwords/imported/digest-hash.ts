import { createHash, createHmac } from 'node:crypto';
import { fromBase64, sameBytes } from './encoding.js';
import type { FastHash, HashReader, ImportedHash } from './imported-hash.js';
import { hmacMd4 } from './md4.js';

const PLAIN = /^\$md5\$([^$]+)$/;
const SALTED = /^\$(md5|sha1|sha256|sha512)\$pf=([^$]*)\$([^$]*)\$([^$]+)$/;
const LDAP = /^\{SSHA(256|512)?\}(.+)$/;
const HMAC = /^\$hmac-(md4|md5|sha1|sha224|sha256|sha384|sha512)\$([^$]+)\$([^$]*)$/;
const BYTES: Readonly<Record<string, number>> = {
  md4: 16,
  md5: 16,
  sha1: 20,
  sha224: 28,
  sha256: 32,
  sha384: 48,
  sha512: 64,
};

/** `$md5$<digest>`. */
export const readMd5: HashReader = (text) =>
  made(`$md5$${zeros('md5')}`, 'md5', fromBase64(PLAIN.exec(text)?.[1] ?? ''), (clear) => digested('md5', clear));

/** `$<digest algorithm>$pf=<format>$<salt>$<digest>`; the format contains {SALT} and {PASSWORD}. */
export const readSaltedDigest: HashReader = (text) => {
  const [, algorithm = '', formatText = '', saltText = '', digestText = ''] = SALTED.exec(text) ?? [];
  const format = fromBase64(formatText)?.toString('latin1') ?? '';
  const [salt, digest] = [fromBase64(saltText), fromBase64(digestText)];
  // A format without the password would accept every password.
  if (!salt || !format.includes('{PASSWORD}')) return undefined;
  const blank = `${text.slice(0, text.lastIndexOf('$') + 1)}${zeros(algorithm)}`;
  return made(blank, algorithm, digest, (clear) => digested(algorithm, filledIn(format, salt, clear)));
};

/** `{SSHA}`, `{SSHA256}`, `{SSHA512}`: base64 of the digest followed by the salt, as LDAP servers store it. */
export const readSsha: HashReader = (text) => {
  const match = LDAP.exec(text);
  const bytes = fromBase64(match?.[2] ?? '');
  if (!match || !bytes) return undefined;
  const algorithm = match[1] === undefined ? 'sha1' : `sha${match[1]}`;
  const length = BYTES[algorithm]!;
  const salt = bytes.subarray(length);
  if (salt.length === 0) return undefined;
  const blank = `{SSHA${match[1] ?? ''}}${Buffer.concat([Buffer.alloc(length), salt]).toString('base64')}`;
  return made(blank, algorithm, bytes.subarray(0, length), (clear) =>
    digested(algorithm, Buffer.concat([Buffer.from(clear), salt])),
  );
};

/** `$hmac-<digest algorithm>$<base64 of the hexadecimal code>$<key>`. */
export const readHmac: HashReader = (text) => {
  const [, algorithm = '', codeText = '', keyText = ''] = HMAC.exec(text) ?? [];
  const [code, key] = [fromBase64(codeText)?.toString('latin1') ?? '', fromBase64(keyText)];
  if (!key || !/^[0-9a-f]+$/.test(code)) return undefined;
  const noCode = Buffer.from('00'.repeat(BYTES[algorithm]!)).toString('base64');
  return made(`$hmac-${algorithm}$${noCode}$${keyText}`, algorithm, Buffer.from(code, 'hex'), (clear) =>
    algorithm === 'md4' ? hmacMd4(key, Buffer.from(clear)) : createHmac(algorithm, key).update(clear).digest(),
  );
};

function made(
  blank: string,
  algorithm: string,
  digest: Buffer | undefined,
  digestOf: FastHash['digestOf'],
): ImportedHash | undefined {
  if (digest === undefined || digest.length !== BYTES[algorithm]) return undefined;
  return {
    affordable: true,
    fast: { blank, digest, digestOf },
    verify: (clear) => Promise.resolve(sameBytes(digestOf(clear), digest)),
  };
}

/** In one pass, so that a salt or password which looks like a placeholder is not replaced. */
function filledIn(format: string, salt: Buffer, clear: string): Buffer {
  const parts = format.split(/(\{SALT\}|\{PASSWORD\})/).map((part) => {
    if (part === '{SALT}') return salt;
    return part === '{PASSWORD}' ? Buffer.from(clear) : Buffer.from(part, 'latin1');
  });
  return Buffer.concat(parts);
}

const zeros = (algorithm: string): string => Buffer.alloc(BYTES[algorithm] ?? 0).toString('base64');
const digested = (algorithm: string, value: string | Buffer): Buffer => createHash(algorithm).update(value).digest();
