import type { Problem } from '../config.errors.js';
import type { FileShape } from '../file-shape.js';

/** Checks values against each other. Each value is valid by itself, and derived values are filled in. */
export interface Rule {
  (file: FileShape): { readonly problems?: readonly Problem[]; readonly warnings?: readonly string[] };
}

export function isLoopbackHost(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[|\]$/g, '');
  return name === 'localhost' || name === '::1' || name.endsWith('.localhost') || /^127(\.\d{1,3}){3}$/.test(name);
}
