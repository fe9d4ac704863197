import { isUuid } from '../../platform/flow/index.js';

/** The query parameters of a recovery link. */
export interface LinkParts {
  flow: string;
  token: string;
}

/** 32 characters of base62: 190 bits. */
export const LINK_TOKEN_LENGTH = 32;

/** Characters. A much longer token can't be ours, and would end up in the confirm page's URL. */
const LONGEST_TOKEN = 256;

/** Undefined if a part is missing or can't belong to a link. */
export function linkParts(flow: unknown, token: unknown): LinkParts | undefined {
  if (!isUuid(flow)) return undefined;
  if (typeof token !== 'string' || token.length > LONGEST_TOKEN) return undefined;
  return { flow, token };
}
