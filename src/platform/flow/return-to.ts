import { DomainError } from '../errors/index.js';

/** Where a browser may be sent after a flow. */
export interface ReturnToRule {
  /**
   * http(s) URLs; a target must match the origin and leading path segments of one of them. `*.` before a host stands
   * for its subdomains
   */
  readonly allowed: readonly string[];
  /** base URL for targets that start with a single slash */
  readonly relativeTo: string;
  /** also accept `/foobar` where `/foo` is allowed, as Kratos does */
  readonly prefixMatch: boolean;
}

export class ReturnToForbidden extends DomainError {
  readonly status = 400;
  override readonly id = 'self_service_flow_return_to_forbidden';
  override readonly reason: string;

  constructor(target: string) {
    super('The request was malformed or contained invalid parameters');
    this.reason = `Requested return_to URL "${shown(target)}" is not allowed.`;
  }
}

const LONGEST = 2048;
/** Control characters, spaces, backslashes and lone surrogates, which URL parsers treat differently. */
const AMBIGUOUS = /[\x00-\x20\x7f-\x9f\\\p{Cs}]/u;
/** Scheme, authority and path, then any query and fragment. The authority is never empty. */
const ABSOLUTE = /^https?:\/\/([^/?#]+)(\/[^?#]*)?(?:[?#].*)?$/i;
/** Exactly one leading slash, so the host stays ours. */
const RELATIVE = /^(\/(?!\/)[^?#]*)(?:[?#].*)?$/;
/** The characters of an RFC 3986 path, and those beyond ASCII of RFC 3987. `ENCODED` checks percent signs. */
const PATH = /^[A-Za-z0-9\-._~!$&'()*+,;=:@/%\u{a0}-\u{10ffff}]*$/u;
/**
 * Characters with a meaning in a URL. Unicode normalization must not create new ones, for example from a full-width
 * slash.
 */
const STRUCTURE = /[/\\.%?#;]/g;
/** Encoded slashes, backslashes, dots, percent signs and control characters, and percent signs that encode nothing. */
const ENCODED = /%(2f|5c|2e|25|[01][0-9a-f]|7f|(?![0-9a-f]{2}))/i;
/** `.` and `..`, also before a semicolon, because some servers drop what follows one. */
const DOT_SEGMENT = /(^|\/)\.{1,2}([/;]|$)/;

/**
 * Checks a target and returns it in serialized form: `Location` gets exactly what was checked.
 * Rejects everything that a strict RFC 3986 parser and the WHATWG parser would read differently.
 * @throws ReturnToForbidden
 */
export function checkReturnTo(target: string, rule: ReturnToRule): string {
  const url = readStrictly(target, rule.relativeTo);
  if (!url || !rule.allowed.some((allowed) => covers(allowed, url, rule.prefixMatch)))
    throw new ReturnToForbidden(target);
  return url.href;
}

function readStrictly(target: string, relativeTo: string): URL | undefined {
  if (target.length > LONGEST || AMBIGUOUS.test(target)) return undefined;
  const [, authority, path = ''] = ABSOLUTE.exec(target) ?? [];
  if (authority !== undefined) {
    const url = isPlainPath(path) ? URL.parse(target) : null;
    return url && sameAuthority(authority, url) ? url : undefined;
  }
  const [, relative] = RELATIVE.exec(target) ?? [];
  const base = URL.parse(relativeTo);
  if (relative === undefined || base === null || !isPlainPath(relative)) return undefined;
  return URL.parse(target, base.origin) ?? undefined;
}

function isPlainPath(path: string): boolean {
  if (!PATH.test(path) || ENCODED.test(path) || DOT_SEGMENT.test(path) || path.includes('//') || changesShape(path))
    return false;
  try {
    decodeURIComponent(path); // some decoders read overlong or truncated UTF-8 as a slash or a dot
    return true;
  } catch {
    return false;
  }
}

const changesShape = (path: string): boolean => structureOf(path) !== structureOf(path.normalize('NFKC'));

const structureOf = (path: string): string => (path.match(STRUCTURE) ?? []).join('');

/**
 * True if the parser kept the authority as written: no userinfo and the same spelling of the host; the scheme's default
 * port may be spelled out.
 */
function sameAuthority(written: string, url: URL): boolean {
  const ownPort = url.protocol === 'https:' ? 443 : 80;
  return [url.host, ...(url.port === '' ? [`${url.host}:${ownPort}`] : [])].includes(written.toLowerCase());
}

function covers(allowed: string, url: URL, prefixMatch: boolean): boolean {
  const rule = URL.parse(allowed);
  if (!rule || !/^https?:$/.test(rule.protocol) || !sameOrigin(rule, url)) return false;
  if (prefixMatch) return url.pathname.startsWith(rule.pathname);
  const base = rule.pathname.replace(/\/$/, '');
  return url.pathname === base || url.pathname.startsWith(`${base}/`);
}

function sameOrigin(rule: URL, url: URL): boolean {
  if (!rule.hostname.startsWith('*.')) return rule.origin === url.origin;
  const domain = rule.hostname.slice(1);
  return (
    rule.protocol === url.protocol &&
    rule.port === url.port &&
    domain.lastIndexOf('.') > 0 &&
    url.hostname.endsWith(domain)
  );
}

/** The target as an error may repeat it: limited in length, and without characters that cannot be stored. */
const shown = (target: string): string =>
  target
    .slice(0, LONGEST)
    .toWellFormed()
    .replaceAll(/[\x00-\x1f\x7f]/g, '\ufffd');
