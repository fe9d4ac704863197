import type { Problem } from './config.errors.js';

/** Problems and warnings, collected while reading a configuration. */
export interface Report {
  readonly problems: Problem[];
  readonly warnings: string[];
}
