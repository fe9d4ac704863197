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
export function readPageSize(text: string | undefined, sizes: PageSizes): number {
  const size = pageSizeWithin(text, sizes);
  if (size === undefined) throw new PageSizeInvalid(sizes.largest);
  return size;
}

/** Undefined for anything but a whole number from 1 to the largest size. */
export function pageSizeWithin(text: string | undefined, { usual, largest }: PageSizes): number | undefined {
  if (text === undefined) return usual;
  const size = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  return size < 1 || size > largest ? undefined : size;
}

/** As Kratos reads sizes: one above the largest is lowered to it. Undefined for anything but a whole number of at least 1. */
export function loweredPageSize(text: string | undefined, { usual, largest }: PageSizes): number | undefined {
  if (text === undefined) return usual;
  return /^[1-9]\d{0,15}$/.test(text) ? Math.min(Number(text), largest) : undefined;
}
