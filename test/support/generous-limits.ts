import { LIMIT_NAMES } from '../../src/platform/limits/index.js';

/** All tests come from one loopback address: limits are counted, and never met. A test of limits lays its own on top. */
export const GENEROUS = Object.fromEntries(LIMIT_NAMES.map((name) => [name, '1000000/1m']));
