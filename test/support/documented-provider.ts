import { createSign, generateKeyPairSync } from 'node:crypto';
import { OidcProvider } from '../../src/config/index.js';
import { Clock } from '../../src/platform/clock/index.js';
import { type Outbound, OutboundFailed, type OutboundRequest } from '../../src/platform/outbound/index.js';
import { type Attempt, SocialProvider } from '../../src/self-service/social/protocol/social-provider.js';
import { PRESETS } from '../../src/self-service/social/providers/index.js';

export const REDIRECT = 'https://id.example.com/self-service/methods/oidc/callback/it';
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'k1', alg: 'RS256', use: 'sig' };
const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');

/** An ID token signed with the documented key. */
function idToken(claims: object): string {
  const now = Math.floor(new Clock().now().getTime() / 1000);
  const signed = `${encode({ alg: 'RS256', kid: 'k1' })}.${encode({ iat: now, exp: now + 60, aud: 'client-1', nonce: 'nonce-1', ...claims })}`;
  return `${signed}.${createSign('RSA-SHA256').update(signed).sign(privateKey).toString('base64url')}`;
}

/** Documented answers by URL. */
export type Documented = Record<string, (request: OutboundRequest, url: URL) => object>;

/** The requests that the last provider received. */
let requests: { url: string; request: OutboundRequest }[] = [];

const attempt = (verifier?: string): Attempt => ({
  redirectUri: REDIRECT,
  state: 'state-1',
  nonce: 'nonce-1',
  verifier,
});

/** A provider's configuration; the test overrides parts of it. */
export const configOf = (config: Partial<OidcProvider>): OidcProvider => ({
  ...new OidcProvider(),
  id: 'it',
  client_id: 'client-1',
  client_secret: 'secret-1',
  ...config,
});

/** Answers in place of the providers. */
export function answering(documented: Documented): Pick<Outbound, 'fetch'> {
  requests = [];
  return {
    fetch: async (address, _rules, request = {}) => {
      const url = new URL(address);
      requests.push({ url: url.href, request });
      const answer = documented[`${url.origin}${url.pathname}`];
      if (!answer) throw new OutboundFailed('unreachable');
      const { status = 200, ...body } = answer(request, url) as { status?: number };
      return Response.json(body, { status });
    },
  };
}

/** One configured provider, and what answers in its place. */
export function provider(
  config: Partial<OidcProvider>,
  documented: Documented,
  clock: Clock = new Clock(),
): SocialProvider {
  const full = configOf(config);
  return new SocialProvider({
    config: full,
    preset: PRESETS[full.provider]!(full),
    outbound: answering(documented),
    rules: { privateNetworks: false, exceptions: [] },
    clock,
    alwaysPkce: false,
  });
}

/** An OpenID provider with its documented answers. */
export const openId = (
  issuer: string,
  endpoints: Record<string, unknown>,
  claims: object,
  discovered = issuer,
): Documented => {
  const metadata = {
    issuer: discovered,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    ...endpoints,
  };
  return {
    [`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`]: () => metadata,
    [String(endpoints['token_endpoint'])]: () => ({
      access_token: 'access-1',
      token_type: 'Bearer',
      id_token: idToken({ iss: issuer, ...claims }),
    }),
    [String(endpoints['jwks_uri'])]: () => ({ keys: [jwk] }),
  };
};

/** The URL that people are sent to, with its parameters. */
export async function wayOf(
  it: SocialProvider,
  verifier?: string,
): Promise<{ at: string; asks: Record<string, string> }> {
  const url = new URL(await it.authorizationUrl(attempt(verifier), {}));
  return { at: `${url.origin}${url.pathname}`, asks: Object.fromEntries(url.searchParams) };
}
export const subjectOf = async (it: SocialProvider, verifier?: string): Promise<string> =>
  (await it.account(attempt(verifier), new URLSearchParams({ state: 'state-1', code: 'code-1' }))).subject;
export const sent = (address: string) => requests.find(({ url }) => url.startsWith(address))?.request;
export const form = (address: string) => Object.fromEntries(new URLSearchParams(String(sent(address)?.body)));
export const lastAsked = (): string | undefined => requests.at(-1)?.url;
export const basic = `Basic ${Buffer.from('client-1:secret-1').toString('base64')}`;
