import type { OidcProvider } from '../../../config/index.js';
import type { SecretWay } from './client-secret.js';

/** What a provider said about the person, and how to ask it for more. */
export interface Found {
  /** claims of the verified ID token; empty for providers that send none */
  readonly claims: Readonly<Record<string, unknown>>;
  readonly accessToken: string;
  /**
   * GET with the access token; resolves to the answer's JSON object.
   * @throws ProviderTrouble
   */
  ask(address: string, headers?: Readonly<Record<string, string>>): Promise<Readonly<Record<string, unknown>>>;
}

/** How one kind of provider differs from the protocol and from other kinds. */
export interface Preset {
  /**
   * `openid`: uses discovery, and a verified ID token identifies the person. `oauth`: uses fixed URLs, and a request to
   * the provider identifies the person.
   */
  readonly protocol: OpenIdProtocol | OAuthProtocol;
  /** requested scopes, in this order */
  readonly scope: readonly string[];
  /** `auto`: if the provider announces support */
  readonly pkce: 'auto' | 'always' | 'never';
  /** sent with every authorization request */
  readonly authorization?: Readonly<Record<string, string>>;
  /** replaces the configured secret; created anew for each exchange */
  readonly clientSecret?: (now: Date) => string;
  /** a value that never changes for the account and is unique to it */
  readonly subject: (found: Found) => string | Promise<string>;
}

export interface OpenIdProtocol {
  readonly kind: 'openid';
  readonly issuer: string;
  /** replaces the endpoint from discovery */
  readonly authorizationEndpoint?: string | undefined;
  readonly tokenEndpoint?: string | undefined;
}

export interface OAuthProtocol {
  readonly kind: 'oauth';
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  /** how the client authenticates at the token endpoint */
  readonly clientAuthentication: SecretWay;
}

/** Builds the preset of one configured provider. */
export type PresetOf = (config: OidcProvider) => Preset;

/** The configured scopes plus `openid`, which OpenID Connect requires. */
export const withOpenId = (scope: readonly string[]): readonly string[] =>
  scope.includes('openid') ? scope : [...scope, 'openid'];

/** Characters; the maximum in OpenID Connect. */
const LONGEST_SUBJECT = 255;

/**
 * The subject of an account: a text or a number, as text.
 * @throws SubjectMissing if there is neither, so the account can't be identified; SubjectUnusable
 */
export function asSubject(value: unknown): string {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string' || text === '') throw new SubjectMissing();
  if (text.length > LONGEST_SUBJECT || text.includes('\0') || !text.isWellFormed()) throw new SubjectUnusable();
  return text;
}

/** The provider's subject can't be stored. */
export class SubjectUnusable extends Error {
  constructor() {
    super('the subject of the account is too long or contains characters that cannot be stored');
    this.name = 'SubjectUnusable';
  }
}

/** The provider answered, but without a subject. */
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
