import { pageLink } from '../platform/paging/index.js';
import type { SessionPage, NumberedPage } from './session.directory.js';
import type { NumberedQuery, SessionQuery } from './session.query.js';

/** Relative URLs, parameters in alphabetical order, as recorded from Kratos. */
export function pageLinks(path: string, { active, expand, pageSize }: SessionQuery, page: SessionPage): string {
  const link = (relation: string, token: string): string =>
    pageLink(path, relation, {
      active: active?.toString(),
      expand: [...(expand.identity ? ['identity'] : []), ...(expand.devices ? ['devices'] : [])],
      page_size: String(pageSize),
      page_token: token,
    });
  const next = page.nextPageToken === undefined ? [] : [link('next', page.nextPageToken)];
  return [link('first', page.firstPageToken), ...next].join(',');
}

/**
 * As recorded from Kratos: the first page has number 0, and its size is no larger than the total. Page 1 is the first
 * page as well, so the next one is 2. Clients that follow the links and clients that count from 1 both see every
 * session once.
 */
export function numberedLinks(path: string, { active }: Pick<NumberedQuery, 'active'>, shown: NumberedPage): string {
  const { page, total, size: perPage } = shown;
  const size = String(total > 0 ? Math.min(total, perPage) : perPage);
  const last = Math.ceil(total / perPage);
  const link = (relation: string, number: number): string =>
    pageLink(path, relation, {
      active: active?.toString(),
      page: String(number),
      page_size: size,
      page_token: shown.token(number),
      per_page: size,
    });
  const links = page > 1 || last <= 1 ? [link('first', 0)] : [];
  if (page < last) links.push(link('next', page + 1));
  if (page > 1) links.push(link('prev', Math.max(Math.min(page - 1, last), 1)));
  if (page < last) links.push(link('last', last));
  return links.join(',');
}
