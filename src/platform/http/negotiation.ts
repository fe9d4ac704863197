import type { Caller } from './caller.js';

/** True if Accept asks for JSON or the body is JSON. A browser's Accept, with `text/html` first, asks for a page. */
export function wantsJson(caller: Caller): boolean {
  const type = caller.headers['content-type'] ?? '';
  if (/^application\/json\b/i.test(type)) return true;
  const accepted = (caller.headers.accept ?? '').split(',').map((part) => part.split(';')[0]!.trim().toLowerCase());
  for (const kind of accepted) {
    if (kind === 'text/html' || kind === 'application/xhtml+xml') return false;
    if (kind === 'application/json' || kind.endsWith('+json')) return true;
  }
  return false;
}
