/** A link to a numbered page, as the Link header names it. */
export interface NumberedLink {
  readonly relation: 'first' | 'next' | 'prev' | 'last';
  /** from 0 on */
  readonly page: number;
  readonly perPage: number;
}

/** Where a numbered page leads, exactly as Kratos says it: a list that fits on one page has a first one of its own size. */
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
