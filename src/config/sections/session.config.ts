import { Duration } from '../../platform/duration/index.js';
import { Flag, Matching, OneOf, Section, Span, Text } from '../keys.js';
import { NeedsAal, type RequiredAal } from './flows.config.js';

export type SameSite = 'Strict' | 'Lax' | 'None';

export class SessionCookieConfig {
  @Matching(/^[A-Za-z0-9_.-]{1,64}$/, 'must be 1 to 64 letters, digits, dots, dashes or underscores')
  readonly name: string = 'ory_kratos_session';
  /** True: Max-Age is what is left of the session. False: gone when the browser closes. */
  @Flag() readonly persistent: boolean = true;
  /** Absent: `cookies.path`. */
  @Matching(/^\/[^;,\s]*$/, 'must begin with / and hold no semicolon, comma or space') readonly path: string = '/';
  /** Absent: `cookies.domain`. */
  @Text() readonly domain?: string;
  /** Absent: `cookies.same_site`. */
  @OneOf('Strict', 'Lax', 'None') readonly same_site: SameSite = 'Lax';
}

class WhoamiConfig {
  @NeedsAal() readonly required_aal: RequiredAal = 'aal1';
}

/** `session` in kratos.yml. */
export class SessionConfig {
  @Span() readonly lifespan: Duration = Duration.parse('24h');
  @Section(() => SessionCookieConfig) readonly cookie: SessionCookieConfig = new SessionCookieConfig();
  /** Only within this time before its end may a session be extended. Absent: at any time. */
  @Span() readonly earliest_possible_extend?: Duration;
  @Section(() => WhoamiConfig) readonly whoami: WhoamiConfig = new WhoamiConfig();
}

/** `cookies` in kratos.yml: every cookie we set, unless `session.cookie` says otherwise. */
export class CookiesConfig {
  @Text() readonly domain?: string;
  @Matching(/^\/[^;,\s]*$/, 'must begin with / and hold no semicolon, comma or space') readonly path: string = '/';
  @OneOf('Strict', 'Lax', 'None') readonly same_site: SameSite = 'Lax';
  /** Absent: true, unless `dev`. */
  @Flag() readonly secure?: boolean;
}
