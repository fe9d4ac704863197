import type { PresetOf } from '../protocol/preset.js';
import { apple } from './apple.js';
import { auth0 } from './auth0.js';
import { discord } from './discord.js';
import { facebook } from './facebook.js';
import { generic } from './generic.js';
import { githubApp } from './github-app.js';
import { github } from './github.js';
import { gitlab } from './gitlab.js';
import { google } from './google.js';
import { linkedin, linkedinV2 } from './linkedin.js';
import { microsoft } from './microsoft.js';
import { slack } from './slack.js';
import { x } from './x.js';

/** Presets by the value of `provider` in kratos.yml; the configuration accepts no others. */
export const PRESETS: Readonly<Record<string, PresetOf>> = {
  generic,
  google,
  microsoft,
  apple,
  github,
  'github-app': githubApp,
  gitlab,
  discord,
  slack,
  facebook,
  linkedin,
  linkedin_v2: linkedinV2,
  auth0,
  x,
};
