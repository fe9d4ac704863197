import { BadRequest } from '../errors/index.js';
import type { PageSizes } from './api-page.js';

/** Thrown for a page token that we did not create, or created for another query. */
export class PageTokenInvalid extends BadRequest {
  constructor() {
    super('The page_token is not valid for this request: use the link from the previous page unchanged.');
  }
}

class PageSizeInvalid extends BadRequest {
  constructor(largest: number) {
    super(`The query parameter "page_size" must be a whole number from 1 to ${largest}.`);
  }
}

/**
 * Reads the query parameter `page_size`.
 * @throws PageSizeInvalid
 */
export function readPageSize(text: string | undefined, { usual, largest }: PageSizes): number {
  if (text === undefined) return usual;
  const size = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (size < 1 || size > largest) throw new PageSizeInvalid(largest);
  return size;
}
