import type { PresetOf } from '../protocol/preset.js';
import { github } from './github.js';

/**
 * A GitHub App on behalf of a person: the same addresses, but what it may do is the app's own setting and not asked for.
 * @see https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app
 */
export const githubApp: PresetOf = (config) => ({ ...github(config), scope: [] });
