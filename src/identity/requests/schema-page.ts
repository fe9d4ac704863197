import { type Caller, queryText } from '../../platform/http/index.js';
import { numberedPages, pageLink } from '../../platform/paging/index.js';

const PER_PAGE = 250;
const LARGEST_PAGE = 1_000;

/** A page of schemas, starting at 0. Like in Kratos, an invalid value counts as absent. */
export function readSchemaPage(caller: Caller): { page: number; perPage: number } {
  const number = (...names: string[]): number | undefined => {
    const text = names.map((name) => queryText(caller, name)).find((value) => value !== undefined);
    return text !== undefined && /^-?\d{1,9}$/.test(text) ? Number(text) : undefined;
  };
  const perPage = number('page_size', 'per_page') ?? PER_PAGE;
  return {
    page: Math.max(number('page_token', 'page') ?? 0, 0),
    perPage: Math.min(Math.max(perPage, 1), LARGEST_PAGE),
  };
}

/** Relative URLs, as recorded from Kratos; a page's token is its number. */
export function schemaPages(total: number, page: number, perPage: number): Record<string, string> {
  const links = numberedPages(total, page, perPage).map(({ relation, page: at, perPage: size }) =>
    pageLink('/schemas', relation, { page: `${at}`, page_size: `${size}`, page_token: `${at}`, per_page: `${size}` }),
  );
  return { link: links.join(','), 'x-total-count': String(total) };
}
