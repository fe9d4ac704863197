/** A link to a numbered page, for the Link header. */
export interface NumberedLink {
  readonly relation: 'first' | 'next' | 'prev' | 'last';
  /** counted from 0 */
  readonly page: number;
  readonly perPage: number;
}

/**
 * Links between numbered pages, as in Kratos: for a list that fits on one page, the first link has the list's own size.
 */
export function numberedPages(total: number, page: number, perPage: number): NumberedLink[] {
  const last = Math.max(Math.ceil(total / perPage) - 1, 0);
  const first: NumberedLink = { relation: 'first', page: 0, perPage };
  const next: NumberedLink = { relation: 'next', page: page + 1, perPage };
  const before = (at: number): NumberedLink => ({ relation: 'prev', page: at - 1, perPage });
  if (total === 0) return [first, next, before(page)];
  if (page >= last) return total <= perPage ? [{ ...first, perPage: total }] : [first, before(last)];
  const end: NumberedLink = { relation: 'last', page: last, perPage };
  return page < 1 ? [next, end] : [first, next, before(page), end];
}
