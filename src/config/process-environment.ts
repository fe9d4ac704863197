import type { Environment } from './environment.js';

/** The only place that reads the environment of the process. */
export function processEnvironment(): Environment {
  return { ...process.env };
}
