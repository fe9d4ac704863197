import type { Random } from '../platform/random/index.js';

const PREFIX = 'ory_st_';
const TOKEN = /^ory_st_[0-9A-Za-z]{32}$/;

/** 190 bits of randomness. */
export function newSessionToken(random: Random): string {
  return PREFIX + random.base62(32);
}

/** False for a string that cannot be an issued token, which saves the database query. */
export function isSessionToken(text: string): boolean {
  return TOKEN.test(text);
}
