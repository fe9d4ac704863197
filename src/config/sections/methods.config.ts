import { Duration } from '../../platform/duration/index.js';
import { BaseUrl, Flag, Matching, Section, Span, Whole } from '../keys.js';
import { OidcMethod } from './oidc.config.js';

class PasswordPolicy {
  @Flag() readonly haveibeenpwned_enabled: boolean = true;
  @Matching(/^[A-Za-z0-9.-]+(:\d{1,5})?$/, 'must be a host name with an optional port')
  readonly haveibeenpwned_host: string = 'api.pwnedpasswords.com';
  @Flag() readonly ignore_network_errors: boolean = true;
  @Whole(0, 100) readonly max_breaches: number = 0;
  @Whole(6, 128) readonly min_password_length: number = 8;
  @Flag() readonly identifier_similarity_check_enabled: boolean = true;
}

class PasswordMethod {
  @Flag() readonly enabled: boolean = true;
  @Section(() => PasswordPolicy) readonly config: PasswordPolicy = new PasswordPolicy();
}

class LinkSettings {
  @Span() readonly lifespan: Duration = Duration.parse('1h');
  /** base URL of links, without a trailing slash; default: `serve.public.base_url` */
  @BaseUrl() readonly base_url?: string;
}

class LinkMethod {
  @Flag() readonly enabled: boolean = false;
  @Section(() => LinkSettings) readonly config: LinkSettings = new LinkSettings();
}

class CodeSettings {
  @Span() readonly lifespan: Duration = Duration.parse('1h');
  /** wrong codes allowed per flow */
  @Whole(1, 255) readonly max_submissions: number = 5;
}

class CodeMethod {
  @Flag() readonly enabled: boolean = true;
  @Section(() => CodeSettings) readonly config: CodeSettings = new CodeSettings();
}

class ProfileMethod {
  @Flag() readonly enabled: boolean = true;
}

/** `selfservice.methods` in kratos.yml. */
export class MethodsConfig {
  @Section(() => PasswordMethod) readonly password: PasswordMethod = new PasswordMethod();
  @Section(() => LinkMethod) readonly link: LinkMethod = new LinkMethod();
  @Section(() => CodeMethod) readonly code: CodeMethod = new CodeMethod();
  @Section(() => ProfileMethod) readonly profile: ProfileMethod = new ProfileMethod();
  @Section(() => OidcMethod) readonly oidc: OidcMethod = new OidcMethod();
}
