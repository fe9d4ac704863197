import { defineConfig } from 'vitest/config';
import base from './vitest.config.js';

/** The figures of full size: `npm run test:long`. They have the machine to themselves, and hours if they need them. */
export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: ['test/long/**/*.spec.ts'],
    exclude: ['node_modules/**', 'dist/**'],
    maxWorkers: 1,
    testTimeout: 3_600_000,
    hookTimeout: 600_000,
  },
});
