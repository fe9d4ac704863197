import { existsSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

/** Without Chromium, the browser tests are skipped, and the run says so. CI installs Chromium and never skips them. */
export const BROWSER_TESTS = 'test/browser/**';
const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const browsers = process.env['CI'] !== undefined || CHROMIUM.some((place) => existsSync(place));

export default defineConfig({
  oxc: {
    decorator: { legacy: true, emitDecoratorMetadata: true },
    jsx: { runtime: 'automatic', importSource: 'preact' },
  },
  test: {
    include: ['src/**/*.spec.ts', 'src/**/*.spec.tsx', 'test/**/*.spec.ts'],
    exclude: ['test/long/**', 'node_modules/**', 'dist/**', ...(browsers ? [] : [BROWSER_TESTS])],
    environment: 'node',
    pool: 'forks',
    isolate: false, // files share their worker's modules; loading them per file took most of a run's time
    maxWorkers: 2,
    globalSetup: ['test/support/global-setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 180_000,
    reporters: [['default', { summary: false }], './test/support/counts-reporter.mjs'],
  },
});
