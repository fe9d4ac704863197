import type { Problem } from './config.errors.js';

/** What is wrong with a configuration, collected while it is read. */
export interface Report {
  readonly problems: Problem[];
  readonly warnings: string[];
}
