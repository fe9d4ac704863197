import { expect, test } from 'vitest';
import { DomainError } from './domain-error.js';
import { codeOf, nameOf } from './names.js';

class Trouble extends DomainError {
  readonly status = 503;
}

test.each([
  ['of the system', Object.assign(new Error('no /etc/s3cret'), { code: 'ENOENT' }), 'ENOENT', 'ENOENT'],
  ['of PostgreSQL', Object.assign(new Error('x'), { code: '57P03' }), '57P03', '57P03'],
  ['kept by a translation', new Trouble('x', { sqlstate: '23505' }), undefined, '23505'],
  ['none in a translation', new Trouble('x', { sqlstate: 'none' }), undefined, 'Trouble'],
  ['a number', Object.assign(new TypeError('x'), { code: 7 }), undefined, 'TypeError'],
  ['none', new RangeError('s3cret'), undefined, 'RangeError'],
  ['a text', 's3cret', undefined, 'unknown'],
  ['nothing', undefined, undefined, 'unknown'],
  ['null', null, undefined, 'unknown'],
])('a code %s', (_, error, code, name) => {
  expect([codeOf(error), nameOf(error)]).toEqual([code, name]);
});
