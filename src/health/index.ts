/**
 * Health: probes, the version, and the answer for unknown admin routes.
 *
 * Owns: `/health/*`, `/version`, the fallback under `/admin`. Does not own: what the probes measure.
 */
export { HealthModule } from './health.module.js';
export { Readiness } from './readiness.js';
export { VERSION } from './version.js';
