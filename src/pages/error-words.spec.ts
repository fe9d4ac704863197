import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { BY_KIND, errorWords } from './error-words.js';

const SOURCES = new URL('../', import.meta.url);

/** The kinds that the classes of all modules declare. */
function declaredKinds(): string[] {
  const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' });
  const texts = files
    .filter((name) => /(?<!\.spec)\.tsx?$/.test(name))
    .map((name) => readFileSync(new URL(name, SOURCES), 'utf8'));
  return texts.flatMap((text) => [...text.matchAll(/static override readonly kind = (.+);/g)].map(([, kind]) => kind!));
}

test('every kind of error has words, each belongs to one class, and no words are left over', () => {
  const worded = Object.keys(BY_KIND).map((kind) => `'${kind}'`);
  expect(declaredKinds().sort()).toEqual(worded.sort());
});

test('an error with an id has its own words', () => {
  expect(errorWords({ id: 'security_csrf_violation', status: 403 }).title).toBe('This page has expired');
  expect(errorWords({ id: 'self_service_flow_return_to_forbidden', status: 400 }).title).toBe(
    'We can’t take you back there',
  );
  expect(errorWords({ id: 'session_refresh_required', status: 403 }).next).toBe('sign-in');
});

test('an error without an id has the words of its kind: a dead link says where to get a new one', () => {
  expect(errorWords({ kind: 'recovery_flow_unknown', status: 404 })).toMatchObject({
    title: 'This link no longer works',
    ask: 'a new recovery link',
  });
});

test('an unknown id gets the words of its status, and an unknown status the generic ones', () => {
  expect(errorWords({ id: 'new_one', kind: 'new_one', status: 503 }).title).toBe('We’ll be right back');
  expect(errorWords({ status: 500 }).title).toBe('Something went wrong');
  expect(errorWords({ status: 418 }).title).toBe('Something went wrong');
});

test.each(['constructor', '__proto__', 'toString'])('an id or a kind like %s is not a key of a table', (name) => {
  expect(errorWords({ id: name, kind: name, status: 404 }).title).toBe('We can’t find this page');
});
