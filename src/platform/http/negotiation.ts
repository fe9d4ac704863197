import type { FastifyRequest } from 'fastify';

/** True if Accept asks for JSON or the body is JSON. A browser's Accept, with `text/html` first, asks for a page. */
export function wantsJson(request: FastifyRequest): boolean {
  const type = request.headers['content-type'] ?? '';
  if (/^application\/json\b/i.test(type)) return true;
  const accepted = (request.headers.accept ?? '').split(',').map((part) => part.split(';')[0]!.trim().toLowerCase());
  for (const kind of accepted) {
    if (kind === 'text/html' || kind === 'application/xhtml+xml') return false;
    if (kind === 'application/json' || kind.endsWith('+json')) return true;
  }
  return false;
}
