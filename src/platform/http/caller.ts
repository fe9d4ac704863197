import type { IncomingHttpHeaders } from 'node:http';

/**
 * Who asks, and for what: all that services and steps know of a request. A request of the server is one, and `callerOf` makes
 * one for a command or a test.
 */
export interface Caller {
  readonly id: string;
  readonly method: string;
  /** path and query */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /** as `queryText` reads it */
  readonly query: unknown;
}

interface Asking {
  readonly sessionToken?: string;
  readonly cookies?: Readonly<Record<string, string>>;
  /** answers are for a program, not for a browser; default: true */
  readonly json?: boolean;
  /** the languages that the caller reads, best first */
  readonly locale?: string;
  /** path and query; default: / */
  readonly url?: string;
}

export function callerOf({ sessionToken, cookies = {}, json = true, locale, url = '/' }: Asking = {}): Caller {
  const cookie = Object.entries(cookies)
    .map(([name, value]) => `${name}=${value}`)
    .join('; ');
  return {
    id: '',
    method: 'GET',
    url,
    query: Object.fromEntries(new URL(url, 'http://caller.invalid').searchParams),
    headers: {
      accept: json ? 'application/json' : 'text/html',
      ...(cookie === '' ? {} : { cookie }),
      ...(sessionToken === undefined ? {} : { 'x-session-token': sessionToken }),
      ...(locale === undefined ? {} : { 'accept-language': locale }),
    },
  };
}
