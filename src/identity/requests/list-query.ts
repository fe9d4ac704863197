import type { FastifyRequest } from 'fastify';
import { uuidOf } from '../../platform/flow/index.js';
import { queryAll, queryText, queryValues } from '../../platform/http/index.js';
import { numberedPages } from '../../platform/paging/index.js';
import { IdentityRefused } from '../identity.errors.js';
import type { IdentityPage, ListQuery } from '../persistence/identity.reader.js';

const PAGE_SIZE = 250;
const LARGEST_PAGE = 500;
/** Characters of a Link header. */
const LONGEST_LINKS = 12_000;
/** Numbered pages read and throw away what is before them: Kratos stops there, too. */
const LAST_NUMBERED = 1_000;
/** Kratos' types; an identity may have been brought here with any of them. */
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

const BY_IDENTIFIER = `credentials_identifier, or ${SIMILAR} for a part of it,`;
/** What people try instead. */
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

/** @throws IdentityRefused that names the parameter */
export function readListQuery(request: FastifyRequest): ListQuery {
  const ids = readIds(request);
  const organization = queryText(request, 'organization_id');
  if (organization !== undefined && uuidOf(organization) === undefined) throw notUuid(organization, 'organization_id');
  const identifier = queryText(request, 'credentials_identifier');
  const similar = queryText(request, SIMILAR);
  if ([ids, organization, identifier, similar].filter((filter) => filter !== undefined).length > 1)
    throw new IdentityRefused('You cannot combine multiple filters in this API');
  return {
    ...readPage(request),
    identifier,
    similar,
    // There are no organizations, and so nobody belongs to one.
    ids: organization === undefined ? ids : [],
    contained: readContained(queryText(request, 'contained')),
  };
}

/** @throws IdentityRefused */
function readContained(text: string | undefined): ListQuery['contained'] {
  if (text === undefined) return undefined;
  if (text === 'true') return 'all';
  if (text === 'without_grant') return text;
  throw new IdentityRefused('The parameter `contained` must be true, without_grant, or absent.');
}

/** Credential types whose config is asked for. @throws IdentityRefused for one that does not exist */
export function readRevealed(request: FastifyRequest): string[] {
  const types = queryAll(request, 'include_credential').flatMap((value) => value.split(','));
  const unknown = types.find((type) => !CREDENTIAL_TYPES.includes(type));
  if (unknown !== undefined)
    throw new IdentityRefused(`Invalid value \`${unknown.slice(0, 100)}\` for parameter \`include_credential\`.`);
  return types;
}

/** Relative, as recorded: the request's own parameters and the page's, in alphabetical order. */
export function pageHeaders(request: FastifyRequest, query: ListQuery, page: IdentityPage): Record<string, string> {
  if (query.page !== undefined) return numberedHeaders(request, query.page, query.pageSize, page.total ?? 0);
  const to = (token: string, relation: string, ids?: readonly string[]): string =>
    linkTo(request, relation, { page_size: String(query.pageSize), page_token: token }, ids);
  const links = [to(page.firstPageToken, 'first')];
  const last = page.identities.at(-1)?.id ?? '';
  const left = query.ids?.filter((id) => id > last);
  if (page.nextPageToken !== undefined) links.push(to(page.nextPageToken, 'next', left));
  // Clients take 16 KB of headers, and many ids are as much: the way on counts.
  if (links.join(',').length > LONGEST_LINKS) links.shift();
  return links.length === 0 ? {} : { link: links.join(',') };
}

function numberedHeaders(request: FastifyRequest, page: number, size: number, total: number): Record<string, string> {
  const links = numberedPages(total, page, size).map((each) =>
    linkTo(request, each.relation, { page: String(each.page), per_page: String(each.perPage) }),
  );
  return { link: links.join(','), 'x-total-count': String(total) };
}

/** @param ids instead of the request's */
function linkTo(
  request: FastifyRequest,
  relation: string,
  own: Readonly<Record<string, string>>,
  ids?: readonly string[],
): string {
  const parameters = new URLSearchParams();
  for (const name of LIST_PARAMETERS)
    if (!['page', 'per_page', 'page_size', 'page_token'].includes(name))
      for (const value of (name === 'ids' ? ids : undefined) ?? queryAll(request, name)) parameters.append(name, value);
  for (const [name, value] of Object.entries(own)) parameters.set(name, value);
  parameters.sort();
  return `</admin/identities?${parameters.toString()}>; rel="${relation}"`;
}

/** An empty value is none of the ids that a client meant: it does not stand for everybody. */
function readIds(request: FastifyRequest): string[] | undefined {
  const given = queryValues(request, 'ids');
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

/** Tokens go before numbers, as in Kratos. */
function readPage(request: FastifyRequest): Pick<ListQuery, 'pageSize' | 'pageToken' | 'page'> {
  const given = (name: string): boolean => queryValues(request, name).length > 0;
  const number = queryText(request, 'page');
  if (number === undefined || given('page_token') || given('page_size'))
    return {
      pageSize: readPageSize('page_size', queryText(request, 'page_size') ?? queryText(request, 'per_page')),
      pageToken: queryText(request, 'page_token'),
    };
  if (!/^\d{1,9}$/.test(number)) throw new IdentityRefused('The parameter `page` must be a whole number from 0 on.');
  const pageSize = readPageSize('per_page', queryText(request, 'per_page'));
  if (Number(number) * pageSize > LAST_NUMBERED)
    throw new IdentityRefused(
      `Legacy pagination is not supported for enumerating over ${LAST_NUMBERED} items. Please switch to using page_token and page_size.`,
    );
  return { pageSize, page: Number(number) };
}

/** More than the largest page is the largest page, as recorded. */
function readPageSize(parameter: string, text: string | undefined): number {
  if (text === undefined) return PAGE_SIZE;
  if (!/^[1-9]\d{0,15}$/.test(text))
    throw new IdentityRefused(`The parameter \`${parameter}\` must be a whole number from 1 on.`);
  return Math.min(Number(text), LARGEST_PAGE);
}
