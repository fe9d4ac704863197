import type { Urls } from '../../config/index.js';

/** The URL of a followed link as flows store it: canonical, without the token. */
export function linkRequestUrl(urls: Urls, flow: string, returnTo?: string | null): string {
  return urls.public('/self-service/recovery', {
    flow,
    ...(returnTo ? { return_to: returnTo } : {}),
    token: 'redacted',
  });
}

/** The URL that a code was posted to. */
export function codeRequestUrl(urls: Urls, flow: string): string {
  return urls.public('/self-service/recovery', { flow });
}
