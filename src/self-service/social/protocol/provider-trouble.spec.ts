import { AuthorizationResponseError, ClientError, ResponseBodyError } from 'openid-client';
import { describe, expect, test } from 'vitest';
import { OutboundFailed } from '../../../platform/outbound/index.js';
import { ProviderTrouble } from './provider-trouble.js';

const withCause = (cause: unknown): ProviderTrouble =>
  ProviderTrouble.of(
    Object.assign(new ClientError('invalid response encountered', { cause }), { code: 'OAUTH_INVALID_RESPONSE' }),
  );
const named = (name: string, message: string): Error => Object.assign(new Error(message), { name });

describe('the failed check of an answer', () => {
  test.each(['OperationProcessingError', 'UnsupportedOperationError'])('is reported in the words of an %s', (name) => {
    expect(withCause(named(name, 'unexpected JWT "aud" (audience) claim value'))).toMatchObject({
      kind: 'unusable',
      code: 'OAUTH_INVALID_RESPONSE',
      check: 'unexpected JWT "aud" (audience) claim value',
    });
  });

  test.each([
    ['another error', named('TypeError', 'unexpected JWT')],
    ['no error', { name: 'OperationProcessingError', message: 'unexpected JWT' }],
    ['nothing', undefined],
    ['several lines', named('OperationProcessingError', 'unexpected\nJWT')],
    ['an address', named('OperationProcessingError', 'at https://inside.example')],
    ['more than a sentence', named('OperationProcessingError', 'x'.repeat(121))],
  ])('is left out if the cause is %s', (_, cause) => {
    const { kind, code, check } = withCause(cause);
    expect({ kind, code, check }).toEqual({ kind: 'unusable', code: 'OAUTH_INVALID_RESPONSE', check: undefined });
  });
});

describe('may be an attack', () => {
  const suspect = (check: string): boolean => withCause(named('OperationProcessingError', check)).suspect;

  test.each([
    'unexpected "iss" (issuer) response parameter value',
    'response parameter "iss" (issuer) missing',
    'unexpected JWT "iss" (issuer) claim value',
    'unexpected JWT "aud" (audience) claim value',
    'unexpected ID Token "azp" (authorized party) claim value',
    'unexpected ID Token "nonce" claim value',
    'unexpected JWT "alg" header parameter',
    'unsupported JWS algorithm',
    'JWT signature verification failed',
  ])('if an answer fails this check: %s', (check) => {
    expect(suspect(check)).toBe(true);
  });

  test('if the provider does not know the code', () => {
    const response = new Response(null, { status: 400 });
    const refused = (error: string) =>
      ProviderTrouble.of(new ResponseBodyError('refused', { cause: { error }, response })).suspect;
    expect([refused('invalid_grant'), refused('invalid_client'), refused('server_error')]).toEqual([
      true,
      false,
      false,
    ]);
  });

  test.each([
    '"response" body "id_token" property must be a string',
    '"response" body "issuer" property does not match the expected value',
    'unexpected JWT "exp" (expiration time) claim value, expiration is past current timestamp',
    'JWT "sub" (subject) claim missing',
    'error when selecting a JWT verification key, no applicable keys found',
  ])('but not if it is the provider’s mistake: %s', (check) => {
    expect(suspect(check)).toBe(false);
  });

  test('nor if the provider is unreachable, or refuses', () => {
    const away = ProviderTrouble.of(new OutboundFailed('slow'));
    const denied = new URLSearchParams({ error: 'access_denied', error_description: 'no "nonce"' });
    const no = ProviderTrouble.of(new AuthorizationResponseError('denied', { cause: denied }));
    expect([away.kind, away.suspect, no.kind, no.suspect]).toEqual(['away', false, 'refused', false]);
  });
});
