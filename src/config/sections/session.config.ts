import { Duration } from '../../platform/duration/index.js';
import { Flag, Matching, OneOf, Section, Span, Text } from '../keys.js';
import { NeedsAal, type RequiredAal } from './flows.config.js';

export type SameSite = 'Strict' | 'Lax' | 'None';

export class SessionCookieConfig {
  @Matching(/^[A-Za-z0-9_.-]{1,64}$/, 'must be 1 to 64 letters, digits, dots, dashes or underscores')
  readonly name: string = 'ory_kratos_session';
  /** true: Max-Age is the remaining lifetime of the session; false: the cookie ends when the browser closes */
  @Flag() readonly persistent: boolean = true;
  /** default: `cookies.path` */
  @Matching(/^\/[^;,\s]*$/, 'must start with / and contain no semicolon, comma or space') readonly path: string = '/';
  /** default: `cookies.domain` */
  @Text() readonly domain?: string;
  /** default: `cookies.same_site` */
  @OneOf('Strict', 'Lax', 'None') readonly same_site: SameSite = 'Lax';
}

class WhoamiConfig {
  @NeedsAal() readonly required_aal: RequiredAal = 'aal1';
}

/** `session` in kratos.yml. */
export class SessionConfig {
  @Span() readonly lifespan: Duration = Duration.parse('24h');
  @Section(() => SessionCookieConfig) readonly cookie: SessionCookieConfig = new SessionCookieConfig();
  /** sessions can only be extended within this time before they end; default: at any time */
  @Span() readonly earliest_possible_extend?: Duration;
  @Section(() => WhoamiConfig) readonly whoami: WhoamiConfig = new WhoamiConfig();
}

/** `cookies` in kratos.yml: all cookies, unless `session.cookie` overrides it. */
export class CookiesConfig {
  @Text() readonly domain?: string;
  @Matching(/^\/[^;,\s]*$/, 'must start with / and contain no semicolon, comma or space') readonly path: string = '/';
  @OneOf('Strict', 'Lax', 'None') readonly same_site: SameSite = 'Lax';
  /** default: true, unless `dev` is on */
  @Flag() readonly secure?: boolean;
}
