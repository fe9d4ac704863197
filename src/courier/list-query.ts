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

const PAGE_SIZE = 10;
const LARGEST_PAGE = 500;

/** @throws MessageStatusUnknown, PageSizeRefused */
export function readMessageQuery(caller: Caller): MessageQuery {
  const status = queryValues(caller, 'status').at(-1);
  if (status !== undefined && !isStatus(status)) throw new MessageStatusUnknown();
  return {
    status,
    pageSize: readPageSize(queryText(caller, 'page_size')),
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
  const parameters = new URLSearchParams({ page_size: String(pageSize), page_token: token });
  if (recipient !== undefined) parameters.set('recipient', recipient);
  if (status !== undefined) parameters.set('status', status);
  return `</admin/courier/messages?${parameters.toString()}>; rel="${relation}"`;
}

const isStatus = (text: string): text is MessageStatus => MESSAGE_STATUSES.some((status) => status === text);

/** Sizes above the maximum are reduced to it. */
function readPageSize(text: string | undefined): number {
  if (text === undefined) return PAGE_SIZE;
  if (!/^[1-9]\d{0,15}$/.test(text)) throw new PageSizeRefused();
  return Math.min(Number(text), LARGEST_PAGE);
}
