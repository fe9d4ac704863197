import { LIMIT_NAMES } from '../../src/platform/limits/index.js';

/**
 * All tests come from one loopback address, so the limits count but are never reached. Tests of limits override them.
 */
export const GENEROUS = Object.fromEntries(LIMIT_NAMES.map((name) => [name, '1000000/1m']));
