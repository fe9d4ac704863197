import { expect, test } from 'vitest';
import { keptOneHadGone, smtpVerdict } from './smtp-verdict.js';

test.each([
  [{ code: 'EENVELOPE', responseCode: 550, command: 'RCPT TO' }, 'refused', 'the server answered RCPT TO with 550'],
  [{ code: 'EENVELOPE', responseCode: 553, command: 'MAIL FROM' }, 'refused', 'the server answered MAIL FROM with 553'],
  [{ code: 'EMESSAGE', responseCode: 554, command: 'DATA' }, 'refused', 'the server answered DATA with 554'],
  [{ code: 'EENVELOPE', responseCode: 451, command: 'RCPT TO' }, 'failed', 'the server answered RCPT TO with 451'],
  [{ code: 'EMESSAGE', responseCode: 421, command: 'DATA' }, 'failed', 'the server answered DATA with 421'],
  [{ code: 'EPROTOCOL', responseCode: 554, command: 'CONN' }, 'trouble', 'the server answered CONN with 554'],
  [{ code: 'ECONNECTION', responseCode: 421, command: 'EHLO' }, 'trouble', 'the server answered EHLO with 421'],
  [{ code: 'EAUTH', responseCode: 535, command: 'AUTH PLAIN' }, 'trouble', 'the server answered AUTH PLAIN with 535'],
  [{ code: 'EMESSAGE', responseCode: 530, command: 'DATA' }, 'refused', 'the server answered DATA with 530'],
  [{ code: 'EPROTOCOL', responseCode: 421, command: 'CONN' }, 'failed', 'the server closed the session with 421'],
  [{ code: 'EENVELOPE', responseCode: 530, command: 'MAIL FROM' }, 'trouble', 'the server answered MAIL FROM with 530'],
  [{ code: 'EENVELOPE', responseCode: 538, command: 'RCPT TO' }, 'trouble', 'the server answered RCPT TO with 538'],
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
  [{ code: 'ETIMEDOUT', timeoutType: 'UPGRADE_TIMEOUT', command: 'CONN' }, 'trouble', 'no connection (timeout)'],
  [{ code: 'ETIMEDOUT', timeoutType: 'SOCKET_TIMEOUT', command: 'CONN' }, 'failed', 'no answer in time'],
  [{ code: 'ESOCKET', originalCode: 'ECONNRESET', command: 'CONN' }, 'failed', 'the connection broke'],
  [{ code: 'ECONNECTION', command: 'CONN' }, 'failed', 'the connection broke'],
  [{ code: 'EABORT' }, 'failed', 'no answer in time'],
  [{ code: 'EENVELOPE', command: 'API' }, 'refused', 'the address is not valid in an envelope'],
  [{ code: 'EOTHER', command: 'ada@example.com' }, 'failed', 'the connection broke'],
])('after MAIL FROM: %j', (error, kind, message) => {
  expect(smtpVerdict(error, true)).toMatchObject({ kind, error: { message } });
});

test.each([
  [{ code: 'ETIMEDOUT', timeoutType: 'SOCKET_TIMEOUT', command: 'CONN' }, 'trouble', 'no session (no answer in time)'],
  [{ code: 'EABORT' }, 'trouble', 'no session (no answer in time)'],
  [{ code: 'ESOCKET', originalCode: 'ECONNRESET', command: 'CONN' }, 'trouble', 'no session (the connection broke)'],
  [{ code: 'ECONNECTION', command: 'CONN' }, 'trouble', 'no session (the connection broke)'],
  [{ code: 'ECONNECTION' }, 'trouble', 'no session (the connection broke)'],
  [{ code: 'ESOCKET', originalCode: 'ECONNREFUSED', command: 'CONN' }, 'trouble', 'no connection (ECONNREFUSED)'],
  [{ code: 'EENVELOPE', command: 'API' }, 'refused', 'the address is not valid in an envelope'],
  [{ code: 'EOTHER' }, 'failed', 'the connection broke'], // a message that could not be written is not the server's fault
])('before MAIL FROM: %j', (error, kind, message) => {
  expect(smtpVerdict(error, false)).toMatchObject({ kind, error: { message } });
});

test.each([
  [{ code: 'ECONNECTION' }, true],
  [{ code: 'ECONNECTION', command: 'CONN' }, false],
  [{ code: 'ESOCKET' }, false],
])('a closed pooled connection: %j is %s', (error, expected) => {
  expect(keptOneHadGone(error)).toBe(expected);
});
