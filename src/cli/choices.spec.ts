import { expect, test } from 'vitest';
import { SCOPES } from '../access/index.js';
import { LOCALES as WRITTEN } from '../courier/index.js';
import { VERSION } from '../health/index.js';
import { RESETTABLE } from '../recovery/index.js';
import { LOCALES, RESET_TYPES, SCOPE_NAMES } from './choices.js';
import { ownVersion } from './version.js';

test('the repeated choices equal those of the modules', () => {
  expect(SCOPE_NAMES).toEqual(SCOPES);
  expect(LOCALES).toEqual(WRITTEN);
  expect(RESET_TYPES).toEqual(RESETTABLE);
  expect(ownVersion()).toBe(VERSION);
});
