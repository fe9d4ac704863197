import { uuidOf } from '../../platform/flow/index.js';
import { type Caller, queryAll, queryText, queryValues } from '../../platform/http/index.js';
import { loweredPageSize, numberedPages, pageLink } from '../../platform/paging/index.js';
import { IdentityRefused } from '../identity.errors.js';
import type { IdentityPage, ListQuery } from '../persistence/identity.reader.js';

const PAGE_SIZE = 250;
const LARGEST_PAGE = 500;
/** Maximum length of a Link header in characters. */
const LONGEST_LINKS = 12_000;
/** Numbered pages read and discard everything before them. Kratos has the same limit. */
const LAST_NUMBERED = 1_000;
/** Kratos' credential types; an imported identity may have any of them. */
export const CREDENTIAL_TYPES = ['password', 'code', 'oidc', 'totp', 'lookup_secret', 'webauthn', 'passkey', 'saml'];

const SIMILAR = 'preview_credentials_identifier_similar';
/** Every query parameter of the list. */
export const LIST_PARAMETERS = [
  'page_size',
  'page_token',
  'page',
  'per_page',
  'credentials_identifier',
  SIMILAR,
  'ids',
  'include_credential',
  'organization_id',
  'contained',
  'consistency',
];

const BY_IDENTIFIER = `credentials_identifier, or ${SIMILAR} for part of it,`;
/** Names that people commonly try instead. */
export const LIST_MEANT = {
  ...Object.fromEntries(
    ['email', 'mail', 'phone', 'username', 'user', 'login', 'name', 'identifier', 'q', 'query', 'search'].map(
      (name) => [name, BY_IDENTIFIER],
    ),
  ),
  id: 'ids',
  identity_id: 'ids',
  external_id: 'GET /admin/identities/by/external/{externalId}',
  limit: 'page_size',
  size: 'page_size',
  offset: 'page_token',
};

/** @throws IdentityRefused naming the parameter */
export function readListQuery(caller: Caller): ListQuery {
  const ids = readIds(caller);
  const organization = queryText(caller, 'organization_id');
  if (organization !== undefined && uuidOf(organization) === undefined) throw notUuid(organization, 'organization_id');
  const identifier = queryText(caller, 'credentials_identifier');
  const similar = queryText(caller, SIMILAR);
  if ([ids, organization, identifier, similar].filter((filter) => filter !== undefined).length > 1)
    throw new IdentityRefused('You cannot combine multiple filters in this API');
  return {
    ...readPage(caller),
    identifier,
    similar,
    // There are no organizations, so this filter matches nobody.
    ids: organization === undefined ? ids : [],
    contained: readContained(queryText(caller, 'contained')),
  };
}

/** @throws IdentityRefused */
function readContained(text: string | undefined): ListQuery['contained'] {
  if (text === undefined) return undefined;
  if (text === 'true') return 'all';
  if (text === 'without_grant') return text;
  throw new IdentityRefused('The parameter `contained` must be true, without_grant, or absent.');
}

/**
 * The credential types whose config is requested.
 * @throws IdentityRefused for an unknown type
 */
export function readRevealed(caller: Caller): string[] {
  const types = queryAll(caller, 'include_credential').flatMap((value) => value.split(','));
  const unknown = types.find((type) => !CREDENTIAL_TYPES.includes(type));
  if (unknown !== undefined)
    throw new IdentityRefused(`Invalid value \`${unknown.slice(0, 100)}\` for parameter \`include_credential\`.`);
  return types;
}

/** Relative URLs, as recorded from Kratos: the request's own parameters and the page's, in alphabetical order. */
export function pageHeaders(caller: Caller, query: ListQuery, page: IdentityPage): Record<string, string> {
  if (query.page !== undefined) return numberedHeaders(caller, query.page, query.pageSize, page.total ?? 0);
  const to = (token: string, relation: string, ids?: readonly string[]): string =>
    linkTo(caller, relation, { page_size: String(query.pageSize), page_token: token }, ids);
  const links = [to(page.firstPageToken, 'first')];
  const last = page.identities.at(-1)?.id ?? '';
  const left = query.ids?.filter((id) => id > last);
  if (page.nextPageToken !== undefined) links.push(to(page.nextPageToken, 'next', left));
  // Clients accept 16 KB of headers, and a list of ids can fill that. The link to the next page matters most.
  if (links.join(',').length > LONGEST_LINKS) links.shift();
  return links.length === 0 ? {} : { link: links.join(',') };
}

function numberedHeaders(caller: Caller, page: number, size: number, total: number): Record<string, string> {
  const links = numberedPages(total, page, size).map((each) =>
    linkTo(caller, each.relation, { page: String(each.page), per_page: String(each.perPage) }),
  );
  return { link: links.join(','), 'x-total-count': String(total) };
}

/** @param ids replace those of the request */
function linkTo(
  caller: Caller,
  relation: string,
  own: Readonly<Record<string, string>>,
  ids?: readonly string[],
): string {
  const kept = LIST_PARAMETERS.filter((name) => !PAGING.includes(name));
  const given = kept.map((name) => [name, (name === 'ids' ? ids : undefined) ?? queryAll(caller, name)] as const);
  return pageLink('/admin/identities', relation, { ...Object.fromEntries(given), ...own });
}

const PAGING = ['page', 'per_page', 'page_size', 'page_token'];

/** An empty value matches no id; it does not mean "all". */
function readIds(caller: Caller): string[] | undefined {
  const given = queryValues(caller, 'ids');
  if (given.length === 0) return undefined;
  if (given.length > LARGEST_PAGE)
    throw new IdentityRefused(`The number of ids to filter must not exceed ${LARGEST_PAGE}.`);
  return given.map((text) => {
    const id = uuidOf(text);
    if (id === undefined) throw notUuid(text, 'ids');
    return id;
  });
}

const notUuid = (text: string, parameter: string): IdentityRefused =>
  new IdentityRefused(`Invalid UUID value \`${text.slice(0, 100)}\` for parameter \`${parameter}\`.`);

/** Tokens take precedence over numbers, as in Kratos. */
function readPage(caller: Caller): Pick<ListQuery, 'pageSize' | 'pageToken' | 'page'> {
  const given = (name: string): boolean => queryValues(caller, name).length > 0;
  const number = queryText(caller, 'page');
  if (number === undefined || given('page_token') || given('page_size'))
    return {
      pageSize: readPageSize('page_size', queryText(caller, 'page_size') ?? queryText(caller, 'per_page')),
      pageToken: queryText(caller, 'page_token'),
    };
  if (!/^\d{1,9}$/.test(number))
    throw new IdentityRefused('The parameter `page` must be a whole number of at least 0.');
  const pageSize = readPageSize('per_page', queryText(caller, 'per_page'));
  if (Number(number) * pageSize > LAST_NUMBERED)
    throw new IdentityRefused(
      `Legacy pagination is not supported for enumerating over ${LAST_NUMBERED} items. Please switch to using page_token and page_size.`,
    );
  return { pageSize, page: Number(number) };
}

/** A size above the maximum is lowered to the maximum, as recorded from Kratos. */
function readPageSize(parameter: string, text: string | undefined): number {
  const size = loweredPageSize(text, { usual: PAGE_SIZE, largest: LARGEST_PAGE });
  if (size === undefined)
    throw new IdentityRefused(`The parameter \`${parameter}\` must be a whole number of at least 1.`);
  return size;
}
