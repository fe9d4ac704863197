/** The parts of a URI that the checks need. */
interface Uri {
  readonly absolute: boolean;
  readonly path: string;
}

const BROKEN_ESCAPE = /%(?![0-9a-f]{2})/i;
const SCHEME = /^[a-z][a-z0-9+.-]*(?=:)/i;
const USER = /^[\w.:~!$&'()*+,;=%@-]*$/;
/** Characters of a host: a few ASCII ones; escapes only for non-ASCII bytes and the per cent sign. */
const HOST = /^(?:[\w.~!$&'()*+,;=:[\]<>"\u0080-\u{10ffff}-]|%25|%[89a-f][0-9a-f])*$/iu;
const ZONE = /^(?:[\w.~!$&'()*+,;=:[\]<>"\u0080-\u{10ffff}-]|%[0-9a-f]{2})*$/iu;
const PORT = /^(?::\d*)?$/;

/** Parses a URI like Go's net/url, which Kratos uses; undefined if that rejects it. */
function read(text: string): Uri | undefined {
  const [before = '', fragment] = cut(text, '#');
  if (/[\x00-\x1f\x7f]/.test(before) || BROKEN_ESCAPE.test(fragment ?? '')) return undefined;
  if (before.startsWith(':')) return undefined;
  const scheme = SCHEME.exec(before)?.[0];
  const [rest = ''] = cut(scheme === undefined ? before : before.slice(scheme.length + 1), '?');
  const absolute = scheme !== undefined;
  if (!rest.startsWith('/')) {
    if (absolute) return { absolute, path: '' };
    if (rest.split('/')[0]!.includes(':')) return undefined;
  }
  if (!rest.startsWith('//') || (!absolute && rest.startsWith('///')))
    return BROKEN_ESCAPE.test(rest) ? undefined : { absolute, path: rest };
  const slash = rest.indexOf('/', 2);
  const [authority, path] = slash === -1 ? [rest.slice(2), ''] : [rest.slice(2, slash), rest.slice(slash)];
  return isAuthority(authority) && !BROKEN_ESCAPE.test(path) ? { absolute, path } : undefined;
}

function isAuthority(authority: string): boolean {
  const at = authority.lastIndexOf('@');
  const user = at === -1 ? '' : authority.slice(0, at);
  return USER.test(user) && !BROKEN_ESCAPE.test(user) && isHost(authority.slice(at + 1));
}

function isHost(host: string): boolean {
  if (!host.startsWith('[')) {
    const colon = host.lastIndexOf(':');
    return HOST.test(host) && (colon === -1 || PORT.test(host.slice(colon)));
  }
  const end = host.lastIndexOf(']');
  if (end === -1 || !PORT.test(host.slice(end + 1))) return false;
  const zone = host.slice(0, end).indexOf('%25');
  if (zone === -1) return HOST.test(host);
  return HOST.test(host.slice(0, zone)) && ZONE.test(host.slice(zone, end)) && HOST.test(host.slice(end));
}

/** The text before and after the first separator. */
function cut(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

export const isUri = (text: string): boolean => read(text)?.absolute === true;
export const isUriReference = (text: string): boolean => read(text) !== undefined;

/** Checks only the braces in the path: each must open and close within one segment. */
export function isUriTemplate(text: string): boolean {
  const uri = read(text);
  return uri !== undefined && uri.path.split('/').every((segment) => /^[^{}]*(?:\{[^{}]*\}[^{}]*)*$/.test(segment));
}
