import { timingSafeEqual } from 'node:crypto';

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** Base64 with or without padding; undefined where the text is none, or has another spelling than its own. */
export function fromBase64(text: string): Buffer | undefined {
  if (!BASE64.test(text)) return undefined;
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64').replaceAll('=', '') === text.replaceAll('=', '') ? bytes : undefined;
}

/** In a time that does not tell where the two differ. */
export function sameBytes(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && a.length > 0 && timingSafeEqual(a, b);
}
