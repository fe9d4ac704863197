import { leadsToLoopback } from '../../platform/ip/index.js';
import type { FileShape } from '../file-shape.js';
import type { Rule } from './rule.js';

/**
 * Secrets travel to these addresses, so http is allowed only for loopback and in development. The admin address may also
 * be a name that only an inner network resolves (`kratos`, `kratos.auth.svc`), because no browser goes there.
 */
export const baseUrlsRule: Rule = (file) => {
  if (file.dev) return {};
  const admin = file.serve.admin.base_url;
  const inner = isClearText(admin) && isInnerName(admin);
  const problems = baseUrls(file)
    .concat(inner ? [] : [['serve.admin.base_url', admin]])
    .filter(([, url]) => url !== undefined && isClearText(url))
    .map(([path]) => ({ path, message: 'must be https unless its host is loopback or dev is on' }));
  return { problems, warnings: inner ? [INNER] : [] };
};

const INNER = 'serve.admin.base_url: http sends access tokens in clear text: use it only inside your own network';

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
  return url?.protocol === 'http:' && !leadsToLoopback(url.hostname);
}
