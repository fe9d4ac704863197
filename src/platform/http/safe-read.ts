import type { FastifyRequest } from 'fastify';

/**
 * True for a request that must not change anything although it asks for a page: HEAD, a prefetch, a part of a document.
 * Mail scanners and browsers send them without anybody's click.
 */
export function isSafeRead(request: FastifyRequest): boolean {
  const { headers } = request;
  if (request.method === 'HEAD' || headers.range !== undefined) return true;
  return ['sec-purpose', 'purpose', 'x-moz'].some((name) =>
    String(headers[name] ?? '')
      .toLowerCase()
      .includes('prefetch'),
  );
}
