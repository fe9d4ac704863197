import { isIP } from 'node:net';
import { leadsToLoopback } from '../../platform/ip/index.js';
import type { Problem } from '../config.errors.js';
import type { FileShape } from '../file-shape.js';
import type { Rule } from './rule.js';

const HOST_NAME = /^\.?([a-z0-9_]([a-z0-9_-]*[a-z0-9_])?\.)*[a-z0-9]([a-z0-9-]*[a-z0-9])?$/i;

/** Finds cookie settings that browsers reject, which would prevent every sign-in. */
export const cookiesRule: Rule = (file) => {
  const { cookies, session, serve } = file;
  const problems: Problem[] = [];
  const warnings: string[] = [];
  const base = new URL(serve.public.base_url);
  const secure = cookies.secure ?? !file.dev;
  const sections = [['cookies', cookies] as const, ['session.cookie', session.cookie] as const];
  for (const [path, { domain }] of sections) {
    const judged = path === 'session.cookie' && domain === cookies.domain; // inherited from `cookies`, reported there
    if (judged || domain === undefined) continue;
    if (!HOST_NAME.test(domain))
      problems.push({ path: `${path}.domain`, message: 'must be a host name, without scheme, port or path' });
    else if (!isParentOf(domain, base.hostname))
      warnings.push(
        `${path}.domain: is not a parent of the host in serve.public.base_url: browsers reject the cookies`,
      );
  }
  for (const [path, { same_site }] of sections) {
    if (same_site === 'None' && !secure)
      problems.push({
        path: `${path}.same_site`,
        message: 'None requires cookies.secure: browsers reject the cookies otherwise',
      });
    else if (same_site === 'None' && base.protocol === 'http:' && !leadsToLoopback(base.hostname))
      warnings.push(
        `${path}.same_site: None requires https, and serve.public.base_url is http: browsers reject the cookies`,
      );
  }
  return { problems: [...problems, ...prefixProblems(file, secure)], warnings };
};

/** RFC 6265bis, section 4.1.3. */
function prefixProblems({ session: { cookie } }: FileShape, secure: boolean): Problem[] {
  const path = 'session.cookie.name';
  if (/^__Secure-/i.test(cookie.name) && !secure)
    return [{ path, message: 'starts with __Secure-, which requires cookies.secure' }];
  if (!/^__Host-/i.test(cookie.name)) return [];
  const needs = [
    ...(secure ? [] : ['cookies.secure']),
    ...(cookie.path === '/' ? [] : ['session.cookie.path: /']),
    ...(cookie.domain === undefined ? [] : ['no domain, in session.cookie and in cookies']),
  ];
  return needs.length === 0 ? [] : [{ path, message: `starts with __Host-, which requires ${needs.join(', and ')}` }];
}

/** RFC 6265, section 5.1.3; ignores a leading dot. */
function isParentOf(domain: string, host: string): boolean {
  const name = domain.replace(/^\./, '').toLowerCase();
  return host === name || (host.endsWith(`.${name}`) && isIP(host) === 0);
}
