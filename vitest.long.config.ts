import { defineConfig } from 'vitest/config';
import base from './vitest.config.js';

/** Full-size tests (`npm run test:long`). They run one at a time and may take hours. */
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
