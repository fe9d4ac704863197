import { isUuid } from '../../platform/flow/index.js';

/** What a recovery link carries in its query. */
export interface LinkParts {
  flow: string;
  token: string;
}

/** 32 characters of base62: 190 bits. */
export const LINK_TOKEN_LENGTH = 32;

/** Characters. What is much longer than ours would only be carried on into the confirm page's address. */
const LONGEST_TOKEN = 256;

/** Undefined where something of it is missing or cannot be of a link. */
export function linkParts(flow: unknown, token: unknown): LinkParts | undefined {
  if (!isUuid(flow)) return undefined;
  if (typeof token !== 'string' || token.length > LONGEST_TOKEN) return undefined;
  return { flow, token };
}
