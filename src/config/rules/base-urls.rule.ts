import type { FileShape } from '../file-shape.js';
import { isLoopbackHost, type Rule } from './rule.js';

/**
 * Secrets travel to these addresses: in the clear only on one machine, or in development. The admin address may
 * also be a name that only an inner network knows (`kratos`, `kratos.auth.svc`): no browser is ever sent there.
 */
export const baseUrlsRule: Rule = (file) => {
  if (file.dev) return {};
  const admin = file.serve.admin.base_url;
  const inner = isClearText(admin) && isInnerName(admin);
  const problems = baseUrls(file)
    .concat(inner ? [] : [['serve.admin.base_url', admin]])
    .filter(([, url]) => url !== undefined && isClearText(url))
    .map(([path]) => ({ path, message: 'must be https unless its host is loopback (dev allows it)' }));
  return { problems, warnings: inner ? [INNER] : [] };
};

const INNER = 'serve.admin.base_url: http, so access tokens travel in the clear: only inside a network of your own';

function isInnerName(address: string): boolean {
  const name = URL.parse(address)?.hostname ?? '';
  return /^[a-z][a-z0-9-]*$/.test(name) || /\.svc(\.cluster\.local)?$/.test(name);
}

function baseUrls({ serve, selfservice }: FileShape): [path: string, url: string | undefined][] {
  return [
    ['serve.public.base_url', serve.public.base_url],
    ['selfservice.methods.link.config.base_url', selfservice.methods.link.config.base_url],
    ['selfservice.methods.oidc.config.base_redirect_uri', selfservice.methods.oidc.config.base_redirect_uri],
  ];
}

function isClearText(address: string): boolean {
  const url = URL.parse(address);
  return url?.protocol === 'http:' && !isLoopbackHost(url.hostname);
}
