import type { Random } from '../platform/random/index.js';

const PREFIX = 'ory_st_';
const TOKEN = /^ory_st_[0-9A-Za-z]{32}$/;

/** 190 bits of chance. */
export function newSessionToken(random: Random): string {
  return PREFIX + random.base62(32);
}

/** False for what was never issued: not worth a question to the database. */
export function isSessionToken(text: string): boolean {
  return TOKEN.test(text);
}
