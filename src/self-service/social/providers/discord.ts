import { type PresetOf, asSubject } from '../protocol/preset.js';

const ME = 'https://discord.com/api/users/@me';

/**
 * The subject is the user's snowflake.
 * @see https://docs.discord.com/developers/topics/oauth2
 */
export const discord: PresetOf = ({ scope }) => ({
  protocol: {
    kind: 'oauth',
    authorizationEndpoint: 'https://discord.com/oauth2/authorize',
    tokenEndpoint: 'https://discord.com/api/oauth2/token',
    clientAuthentication: 'basic',
  },
  scope: scope.includes('identify') ? scope : [...scope, 'identify'],
  pkce: 'auto',
  subject: async ({ ask }) => asSubject((await ask(ME))['id']),
});
