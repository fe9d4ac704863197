import type { Caller } from './caller.js';

/**
 * True for a request that must not change anything: HEAD, a prefetch, or a subresource of a page. Mail scanners and
 * browsers send these without a click.
 */
export function isSafeRead(caller: Caller): boolean {
  const { headers } = caller;
  if (caller.method === 'HEAD' || headers.range !== undefined) return true;
  return ['sec-purpose', 'purpose', 'x-moz'].some((name) =>
    String(headers[name] ?? '')
      .toLowerCase()
      .includes('prefetch'),
  );
}
