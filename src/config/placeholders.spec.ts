import { describe, expect, test } from 'vitest';
import { complaintsOf, load } from '../../test/support/configuration-files.js';
import { isPlaceholder, UNFILLED } from './placeholders.js';

test.each([
  '${SECRET}',
  'postgres://${USER}:${PASSWORD}@db/x',
  '$OIDC_ENABLED',
  '$(NAME)',
  '{{ .Values.dsn }}',
  '@KEY@',
])('%s is a placeholder', (text) => expect(isPlaceholder(text)).toBe(true));

test.each(['', '$', 'pa$$word', '$2a$12$abc', 'a@b.example', '@', '$x', 'costs ${', '{}'])(
  '%s is not a placeholder',
  (text) => expect(isPlaceholder(text)).toBe(false),
);

describe('a placeholder in a file', () => {
  test('stops the start before it becomes a publicly known secret', async () => {
    const yaml = ['secrets: { cookie: ["${COOKIE_SECRET_OF_THE_SITE}"] }\nlog: { level: $LOG_LEVEL }'];
    expect(await complaintsOf({ yaml })).toEqual([`log.level: ${UNFILLED}`, `secrets.cookie: ${UNFILLED}`]);
  });

  test('is ignored in a key without effect', async () => {
    const { warnings } = await load({ yaml: ['tracing: { provider: "${TRACER}" }'] });
    expect(warnings).toEqual(['tracing has no effect: Regain does not send traces']);
  });

  test('is overridden by the environment', async () => {
    const yaml = ['secrets: { cookie: ["${COOKIE_SECRET_OF_THE_SITE}"] }'];
    const { secrets } = await load({ yaml, env: { SECRETS_COOKIE: 'a-secret-that-nobody-printed' } });
    expect(secrets.cookie).toEqual(['a-secret-that-nobody-printed']);
  });
});
