import type { PresetOf } from '../protocol/preset.js';
import { github } from './github.js';

/**
 * A GitHub App acting for a person. The URLs are the same, but permissions are set in the app, not requested.
 * @see https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app
 */
export const githubApp: PresetOf = (config) => ({ ...github(config), scope: [] });
