import { describe, expect, test } from 'vitest';
import { Unavailable } from '../errors/index.js';
import { isUnavailable, translateDriverError, troubleOf } from './driver-errors.js';
import { OutOfTime } from './out-of-time.js';

const withCode = (code: string, message = 'quotes a value'): Error => Object.assign(new Error(message), { code });

describe('temporary trouble', () => {
  test.each([
    [withCode('ECONNREFUSED'), 'connection refused'],
    [withCode('ECONNRESET'), 'connection reset'],
    [withCode('ENETUNREACH'), 'host unreachable'],
    [withCode('EAI_AGAIN'), 'host name not resolved'],
    [withCode('57P01'), 'terminated by administrator'],
    [withCode('57P03'), 'the server is starting or stopping'],
    [withCode('57014'), 'statement timeout'],
    [withCode('53300'), 'too many connections'],
    [withCode('53200'), 'the server is out of resources'],
    [withCode('08P01'), 'connection failure'],
    [new OutOfTime('pool wait expired'), 'pool wait expired'],
    [new OutOfTime('no answer in time'), 'no answer in time'],
    [new Error('timeout exceeded when trying to connect'), 'pool wait expired'],
    [new Error('Connection terminated due to connection timeout'), 'connecting timed out'],
    [new Error('Connection terminated unexpectedly'), 'connection lost'],
    [Object.assign(new Error('wrapped'), { cause: withCode('40P01') }), 'deadlock'],
  ])('%s: %s', (error, cause) => {
    expect(troubleOf(error)).toBe(cause);
    const translated = translateDriverError(error, 'a_statement');
    expect(translated).toBeInstanceOf(Unavailable);
    expect((translated as Unavailable).context).toMatchObject({ cause, statement: 'a_statement' });
    expect(JSON.stringify(translated)).not.toContain('quotes a value');
  });

  test.each([withCode('23514', 'value "no answer in time" violates a check'), withCode('42P01'), new Error('a bug')])(
    'is distinguished from another kind of error: %s',
    (error) => {
      expect(troubleOf(error)).toBeUndefined();
      expect(isUnavailable(error)).toBe(false);
    },
  );
});
