import { AnyRecord, BaseUrl, Flag, type Hidden, Items, Matching, OneOf, Section, Text, Texts } from '../keys.js';

/** The supported values of `provider`. */
export const SOCIAL_PROVIDERS = [
  'generic',
  'google',
  'microsoft',
  'apple',
  'github',
  'github-app',
  'gitlab',
  'discord',
  'slack',
  'facebook',
  'linkedin',
  'linkedin_v2',
  'auth0',
  'x',
];

export class OidcProvider {
  @Matching(/^[A-Za-z0-9_.-]{1,64}$/, 'must be 1 to 64 letters, digits, dots, dashes or underscores')
  readonly id: string = '';
  @Matching(
    (name) => name === '' || SOCIAL_PROVIDERS.includes(name),
    `must be one of ${SOCIAL_PROVIDERS.join(', ')}; for any other OpenID Connect provider, use generic`,
  )
  readonly provider: string = '';
  /** text of the button; default: the id */
  @Text() readonly label?: string;
  @Text() readonly client_id: string = '';
  @Text({ secret: true }) readonly client_secret?: Hidden;
  @BaseUrl() readonly issuer_url?: string;
  @BaseUrl() readonly auth_url?: string;
  @BaseUrl() readonly token_url?: string;
  @Texts() readonly scope: string[] = [];
  @OneOf('auto', 'never', 'force') readonly pkce: 'auto' | 'never' | 'force' = 'auto';
  @AnyRecord() readonly requested_claims?: Record<string, unknown>;
  @Text() readonly microsoft_tenant?: string;
  @OneOf('userinfo', 'me', 'oid') readonly subject_source?: string;
  @Text() readonly apple_team_id?: string;
  @Text() readonly apple_private_key_id?: string;
  @Text({ secret: true }) readonly apple_private_key?: Hidden;
}

class OidcSettings {
  @Items(() => OidcProvider) readonly providers: OidcProvider[] = [];
  /** base URL of callback addresses; default: `serve.public.base_url` */
  @BaseUrl() readonly base_redirect_uri?: string;
}

export class OidcMethod {
  @Flag() readonly enabled: boolean = false;
  @Section(() => OidcSettings) readonly config: OidcSettings = new OidcSettings();
}
