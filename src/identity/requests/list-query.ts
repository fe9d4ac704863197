import type { FastifyRequest } from 'fastify';
import { isUuid } from '../../platform/flow/index.js';
import { queryAll, queryText } from '../../platform/http/index.js';
import { IdentityRefused } from '../identity.errors.js';
import type { IdentityPage, ListQuery } from '../persistence/identity.reader.js';

const PAGE_SIZE = 250;
const LARGEST_PAGE = 500;
/** Kratos' types; an identity may have been brought here with any of them. */
export const CREDENTIAL_TYPES = ['password', 'code', 'oidc', 'totp', 'lookup_secret', 'webauthn', 'passkey', 'saml'];

/** Filters of Kratos that this server has not: whoever sets one does not mean everybody. */
const UNKNOWN_FILTERS = ['preview_credentials_identifier_similar', 'organization_id', 'page'];

/** @throws IdentityRefused that names the parameter */
export function readListQuery(request: FastifyRequest): ListQuery {
  const unknown = UNKNOWN_FILTERS.find((name) => queryText(request, name) !== undefined);
  if (unknown !== undefined) throw new IdentityRefused(`The parameter \`${unknown}\` is not supported.`);
  const ids = queryAll(request, 'ids');
  const malformed = ids.find((id) => !isUuid(id));
  if (malformed !== undefined) throw new IdentityRefused('Every value of the parameter `ids` must be a UUID.');
  if (ids.length > LARGEST_PAGE)
    throw new IdentityRefused(`The parameter \`ids\` takes at most ${LARGEST_PAGE} values.`);
  const identifier = queryText(request, 'credentials_identifier');
  if (ids.length > 0 && identifier !== undefined)
    throw new IdentityRefused('Cannot pass both ids and credentials_identifier filters.');
  return {
    pageSize: readPageSize(queryText(request, 'page_size') ?? queryText(request, 'per_page')),
    pageToken: queryText(request, 'page_token'),
    identifier,
    ids: ids.length === 0 ? undefined : ids,
  };
}

/** Credential types whose config is asked for. @throws IdentityRefused for one that does not exist */
export function readRevealed(request: FastifyRequest): string[] {
  const types = queryAll(request, 'include_credential').flatMap((value) => value.split(','));
  if (types.some((type) => !CREDENTIAL_TYPES.includes(type)))
    throw new IdentityRefused(`The parameter \`include_credential\` must be one of ${CREDENTIAL_TYPES.join(', ')}.`);
  return types;
}

/** Relative, as recorded: the request's own parameters in alphabetical order, with page_size and page_token. */
export function linkHeader(request: FastifyRequest, { pageSize }: ListQuery, page: IdentityPage): string {
  const links = [linkTo(request, pageSize, page.firstPageToken, 'first')];
  if (page.nextPageToken !== undefined) links.push(linkTo(request, pageSize, page.nextPageToken, 'next'));
  return links.join(',');
}

function linkTo(request: FastifyRequest, pageSize: number, token: string, relation: string): string {
  const parameters = new URLSearchParams();
  for (const name of ['credentials_identifier', 'ids', 'include_credential'])
    for (const value of queryAll(request, name)) parameters.append(name, value);
  parameters.set('page_size', String(pageSize));
  parameters.set('page_token', token);
  return `</admin/identities?${parameters.toString()}>; rel="${relation}"`;
}

/** More than the largest page is the largest page, as recorded. */
function readPageSize(text: string | undefined): number {
  if (text === undefined) return PAGE_SIZE;
  if (!/^[1-9]\d{0,15}$/.test(text))
    throw new IdentityRefused('The parameter `page_size` must be a whole number from 1 on.');
  return Math.min(Number(text), LARGEST_PAGE);
}
