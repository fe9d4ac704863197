import { BadRequest } from '../errors/index.js';
import type { PageSizes } from './api-page.js';

/** A page token that we did not make, or made for another question. */
export class PageTokenInvalid extends BadRequest {
  constructor() {
    super('The page_token is not valid for this request: use the link of the page before it, unchanged.');
  }
}

class PageSizeInvalid extends BadRequest {
  constructor(largest: number) {
    super(`The query parameter "page_size" must be a whole number from 1 to ${largest}.`);
  }
}

/** Of the query parameter `page_size`. @throws PageSizeInvalid */
export function readPageSize(text: string | undefined, { usual, largest }: PageSizes): number {
  if (text === undefined) return usual;
  const size = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (size < 1 || size > largest) throw new PageSizeInvalid(largest);
  return size;
}
