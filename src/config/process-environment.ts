import type { Environment } from './environment.js';

/** The one place that reads the process's environment; commands hand it on. */
export function processEnvironment(): Environment {
  return { ...process.env };
}
