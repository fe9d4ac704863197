/**
 * Health: probes, the version, and the answer for admin routes that do not exist.
 *
 * Owns: `/health/*`, `/version`, the fallback under `/admin`. Does not own: what is measured.
 */
export { HealthModule } from './health.module.js';
export { Readiness } from './readiness.js';
export { VERSION } from './version.js';
