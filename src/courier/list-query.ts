import { loweredPageSize, pageLink } from '../platform/paging/index.js';
import { type Caller, queryText, queryValues } from '../platform/http/index.js';
import { MessageStatusUnknown, PageSizeRefused } from './courier.errors.js';
import { MESSAGE_STATUSES, type MessagePage, type MessageQuery, type MessageStatus } from './message.view.js';

/** Every query parameter of the list, and names that callers try instead. */
export const MESSAGE_PARAMETERS = ['page_size', 'page_token', 'status', 'recipient'];
export const MESSAGE_MEANT = {
  email: 'recipient',
  to: 'recipient',
  address: 'recipient',
  state: 'status',
  limit: 'page_size',
  per_page: 'page_size',
};

const PAGE = { usual: 10, largest: 500 };

/** @throws MessageStatusUnknown, PageSizeRefused */
export function readMessageQuery(caller: Caller): MessageQuery {
  const status = queryValues(caller, 'status').at(-1);
  if (status !== undefined && !isStatus(status)) throw new MessageStatusUnknown();
  const pageSize = loweredPageSize(queryText(caller, 'page_size'), PAGE);
  if (pageSize === undefined) throw new PageSizeRefused();
  return {
    status,
    pageSize,
    pageToken: queryText(caller, 'page_token'),
    recipient: queryText(caller, 'recipient'),
  };
}

/** Relative URLs, as recorded, with the request's own parameters in alphabetical order. */
export function messageLinks(query: MessageQuery, page: MessagePage): string {
  const links = [linkTo(query, page.firstPageToken, 'first')];
  if (page.nextPageToken !== undefined) links.push(linkTo(query, page.nextPageToken, 'next'));
  return links.join(',');
}

function linkTo({ pageSize, recipient, status }: MessageQuery, token: string, relation: string): string {
  const parameters = { page_size: String(pageSize), page_token: token, recipient, status };
  return pageLink('/admin/courier/messages', relation, parameters);
}

const isStatus = (text: string): text is MessageStatus => MESSAGE_STATUSES.some((status) => status === text);
