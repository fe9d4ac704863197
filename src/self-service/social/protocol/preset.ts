import type { OidcProvider } from '../../../config/index.js';
import type { SecretWay } from './client-secret.js';

/** What a provider said about the person, and how to ask it for more. */
export interface Found {
  /** of the verified ID token; empty for providers that give none */
  readonly claims: Readonly<Record<string, unknown>>;
  readonly accessToken: string;
  /** GET with the access token; the JSON object of the answer. @throws ProviderTrouble */
  ask(address: string, headers?: Readonly<Record<string, string>>): Promise<Readonly<Record<string, unknown>>>;
}

/** How one kind of provider differs from the protocol, and from the other kinds. */
export interface Preset {
  /**
   * `openid`: discovered, and the person is known by a verified ID token.
   * `oauth`: fixed addresses, and the person is known by asking for them.
   */
  readonly protocol: OpenIdProtocol | OAuthProtocol;
  /** as it is asked for, in this order */
  readonly scope: readonly string[];
  /** `auto`: where the provider says that it can */
  readonly pkce: 'auto' | 'always' | 'never';
  /** sent along with every authorization request */
  readonly authorization?: Readonly<Record<string, string>>;
  /** instead of the configured one: made anew for each exchange */
  readonly clientSecret?: (now: Date) => string;
  /** what never changes about the account, and is nobody else's */
  readonly subject: (found: Found) => string | Promise<string>;
}

export interface OpenIdProtocol {
  readonly kind: 'openid';
  readonly issuer: string;
  /** instead of what discovery says */
  readonly authorizationEndpoint?: string | undefined;
  readonly tokenEndpoint?: string | undefined;
}

export interface OAuthProtocol {
  readonly kind: 'oauth';
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  /** how the client proves itself at the token endpoint */
  readonly clientAuthentication: SecretWay;
}

/** Makes the preset of one configured provider. */
export type PresetOf = (config: OidcProvider) => Preset;

/** The configured scopes with `openid`, which OpenID Connect does not go without. */
export const withOpenId = (scope: readonly string[]): readonly string[] =>
  scope.includes('openid') ? scope : [...scope, 'openid'];

/** Characters: OpenID Connect allows no more. */
const LONGEST_SUBJECT = 255;

/**
 * What an account is known by: a text or a number, as a text.
 * @throws SubjectMissing for anything else: whose account it is cannot be told; SubjectUnusable
 */
export function asSubject(value: unknown): string {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string' || text === '') throw new SubjectMissing();
  if (text.length > LONGEST_SUBJECT || text.includes('\0') || !text.isWellFormed()) throw new SubjectUnusable();
  return text;
}

/** The provider said who it is in a way that cannot be kept. */
export class SubjectUnusable extends Error {
  constructor() {
    super('the name of the account is too long, or holds characters that cannot be stored');
    this.name = 'SubjectUnusable';
  }
}

/** The provider answered, but did not say who it is. */
export class SubjectMissing extends Error {
  constructor() {
    super('the provider did not say whose account it is');
    this.name = 'SubjectMissing';
  }
}

export const subjectOfToken = ({ claims }: Found): string => asSubject(claims['sub']);
export const subjectOfUserInfo =
  (address: string) =>
  async ({ ask }: Found): Promise<string> =>
    asSubject((await ask(address))['sub']);
