import type { Rule } from './rule.js';

/** Entries that a file for Kratos may hold and that nothing will ever match here. */
export const returnUrlsRule: Rule = ({ selfservice }) => {
  const warnings = selfservice.allowed_return_urls.flatMap((address, index) => {
    const why = whyUseless(address);
    return why === undefined ? [] : [`selfservice.allowed_return_urls[${index}] has no effect: ${why}`];
  });
  return { warnings };
};

function whyUseless(address: string): string | undefined {
  const url = URL.parse(address);
  if (!/^https?:\/\//i.test(address)) return 'browsers are only sent to http(s) addresses';
  if (url === null) return 'it is no address';
  if (url.pathname.includes('*')) return 'a path is no pattern; everything below an allowed path is allowed';
  const [, domain] = /^\*\.(.*)$/.exec(url.hostname) ?? [];
  if (domain === undefined && url.hostname.includes('*')) return 'a star may only stand for all subdomains, in front';
  if (domain !== undefined && !domain.includes('.')) return 'a star must not stand for a whole top-level domain';
  return undefined;
}
