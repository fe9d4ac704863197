import { expect, test } from 'vitest';
import { errorWords } from './error-words.js';

test('an error with an id of its own has words of its own', () => {
  expect(errorWords({ id: 'security_csrf_violation', status: 403 }).title).toBe('This page has gone stale');
  expect(errorWords({ id: 'self_service_flow_return_to_forbidden', status: 400 }).title).toBe(
    'That way back is not allowed',
  );
  expect(errorWords({ id: 'session_refresh_required', status: 403 }).next).toBe('sign-in');
});

test('a link that leads nowhere says whom to ask for a new one', () => {
  const reason = 'The recovery request could not be found. Please restart the flow.';
  expect(errorWords({ status: 404, reason })).toMatchObject({
    title: 'This link no longer works',
    ask: 'a new recovery link',
  });
});

test('a reason is looked up, never repeated: it may quote what stood in a URL', () => {
  const reason = 'Requested return_to URL "https://evil.example/call-0900" is not allowed.';
  const said = errorWords({ id: 'self_service_flow_return_to_forbidden', status: 400, reason });
  expect(JSON.stringify(said)).not.toContain('evil');
});

test('an unknown id is told by its status, and an unknown status by nothing', () => {
  expect(errorWords({ id: 'new_one', status: 503 }).title).toBe('We will be right back');
  expect(errorWords({ status: 500 }).title).toBe('Something went wrong');
  expect(errorWords({ status: 418 }).title).toBe('Something went wrong');
});

test.each(['constructor', '__proto__', 'toString'])('an id like %s is no key of the table', (id) => {
  expect(errorWords({ id, reason: id, status: 404 }).title).toBe('There is nothing here any more');
});
