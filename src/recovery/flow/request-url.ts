import type { Urls } from '../../config/index.js';

/** The address that a followed link had, as flows keep it: canonical, without the token. */
export function linkRequestUrl(urls: Urls, flow: string, returnTo?: string | null): string {
  return urls.public('/self-service/recovery', {
    flow,
    ...(returnTo ? { return_to: returnTo } : {}),
    token: 'redacted',
  });
}

/** The address that a code was posted to. */
export function codeRequestUrl(urls: Urls, flow: string): string {
  return urls.public('/self-service/recovery', { flow });
}
