import type { Rule } from './rule.js';

/** Warns about entries from Kratos files that can never match. */
export const returnUrlsRule: Rule = ({ selfservice }) => {
  const warnings = selfservice.allowed_return_urls.flatMap((address, index) => {
    const why = whyUseless(address);
    return why === undefined ? [] : [`selfservice.allowed_return_urls[${index}] has no effect: ${why}`];
  });
  return { warnings };
};

function whyUseless(address: string): string | undefined {
  const url = URL.parse(address);
  if (!/^https?:\/\//i.test(address)) return 'browsers are only redirected to http(s) URLs';
  if (url === null) return 'it is not a URL';
  if (url.pathname.includes('*')) return 'paths are not patterns; everything below an allowed path is allowed';
  const [, domain] = /^\*\.(.*)$/.exec(url.hostname) ?? [];
  if (domain === undefined && url.hostname.includes('*'))
    return 'a star may only stand for all subdomains, at the beginning';
  if (domain !== undefined && !domain.includes('.')) return 'a star may not stand for a whole top-level domain';
  return undefined;
}
