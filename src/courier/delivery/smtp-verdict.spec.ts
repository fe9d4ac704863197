import { expect, test } from 'vitest';
import { smtpVerdict } from './smtp-verdict.js';

test.each([
  [{ code: 'EENVELOPE', responseCode: 550, command: 'RCPT TO' }, 'refused', 'the server answered RCPT TO with 550'],
  [{ code: 'EENVELOPE', responseCode: 553, command: 'MAIL FROM' }, 'refused', 'the server answered MAIL FROM with 553'],
  [{ code: 'EMESSAGE', responseCode: 554, command: 'DATA' }, 'refused', 'the server answered DATA with 554'],
  [{ code: 'EENVELOPE', responseCode: 451, command: 'RCPT TO' }, 'failed', 'the server answered RCPT TO with 451'],
  [{ code: 'EMESSAGE', responseCode: 421, command: 'DATA' }, 'failed', 'the server answered DATA with 421'],
  [{ code: 'EPROTOCOL', responseCode: 554, command: 'CONN' }, 'trouble', 'the server answered CONN with 554'],
  [{ code: 'ECONNECTION', responseCode: 421, command: 'EHLO' }, 'trouble', 'the server answered EHLO with 421'],
  [{ code: 'EAUTH', responseCode: 535, command: 'AUTH PLAIN' }, 'trouble', 'the server answered AUTH PLAIN with 535'],
  [{ code: 'ESOCKET', originalCode: 'ECONNREFUSED', command: 'CONN' }, 'trouble', 'no connection (ECONNREFUSED)'],
  [{ code: 'EDNS', originalCode: 'ENOTFOUND', command: 'CONN' }, 'trouble', 'no connection (ENOTFOUND)'],
  [
    { code: 'ESOCKET', originalCode: 'DEPTH_ZERO_SELF_SIGNED_CERT' },
    'trouble',
    'no connection (DEPTH_ZERO_SELF_SIGNED_CERT)',
  ],
  [{ code: 'EDNS', command: 'CONN' }, 'trouble', 'no session (EDNS)'],
  [{ code: 'ETLS', command: 'STARTTLS' }, 'trouble', 'no session (ETLS)'],
  [{ code: 'ETIMEDOUT', timeoutType: 'CONNECT_TIMEOUT', command: 'CONN' }, 'trouble', 'no connection (timeout)'],
  [{ code: 'ETIMEDOUT', timeoutType: 'GREETING_TIMEOUT', command: 'CONN' }, 'trouble', 'no connection (timeout)'],
  [{ code: 'ETIMEDOUT', timeoutType: 'SOCKET_TIMEOUT', command: 'CONN' }, 'failed', 'no answer in time'],
  [{ code: 'ESOCKET', originalCode: 'ECONNRESET', command: 'CONN' }, 'failed', 'the connection broke'],
  [{ code: 'ECONNECTION', command: 'CONN' }, 'failed', 'the connection broke'],
  [{ code: 'EENVELOPE', command: 'API' }, 'refused', 'it cannot be addressed'],
  [{ code: 'EOTHER', command: 'ada@example.com' }, 'failed', 'the connection broke'],
])('%j', (error, kind, message) => {
  expect(smtpVerdict(error)).toMatchObject({ kind, error: { message } });
});
