import type { Problem } from '../config.errors.js';
import type { FileShape } from '../file-shape.js';

/** Checks values against each other. Each value is valid by itself, and derived values are filled in. */
export interface Rule {
  (file: FileShape): { readonly problems?: readonly Problem[]; readonly warnings?: readonly string[] };
}
