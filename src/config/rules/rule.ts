import type { Problem } from '../config.errors.js';
import type { FileShape } from '../file-shape.js';

/** Judges values together. Each value is sound by itself and derived values are filled in. */
export interface Rule {
  (file: FileShape): { readonly problems?: readonly Problem[]; readonly warnings?: readonly string[] };
}

export function isLoopbackHost(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[|\]$/g, '');
  return name === 'localhost' || name === '::1' || name.endsWith('.localhost') || /^127(\.\d{1,3}){3}$/.test(name);
}
