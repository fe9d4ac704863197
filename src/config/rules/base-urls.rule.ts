import type { FileShape } from '../file-shape.js';
import { isLoopbackHost, type Rule } from './rule.js';

/** Secrets travel to these addresses: in the clear only on one machine, or in development. */
export const baseUrlsRule: Rule = (file) => {
  if (file.dev) return {};
  const problems = baseUrls(file)
    .filter(([, url]) => url !== undefined && isClearText(url))
    .map(([path]) => ({ path, message: 'must be https unless its host is loopback (dev allows it)' }));
  return { problems };
};

function baseUrls({ serve, selfservice }: FileShape): [path: string, url: string | undefined][] {
  return [
    ['serve.public.base_url', serve.public.base_url],
    ['serve.admin.base_url', serve.admin.base_url],
    ['selfservice.methods.link.config.base_url', selfservice.methods.link.config.base_url],
    ['selfservice.methods.oidc.config.base_redirect_uri', selfservice.methods.oidc.config.base_redirect_uri],
  ];
}

function isClearText(address: string): boolean {
  const url = URL.parse(address);
  return url?.protocol === 'http:' && !isLoopbackHost(url.hostname);
}
