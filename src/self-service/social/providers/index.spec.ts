import { expect, test } from 'vitest';
import { SOCIAL_PROVIDERS } from '../../../config/index.js';
import { PRESETS } from './index.js';

test('every provider that the configuration accepts has a preset, and vice versa', () => {
  expect(Object.keys(PRESETS).sort()).toEqual([...SOCIAL_PROVIDERS].sort());
});
