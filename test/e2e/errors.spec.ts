import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({
    config: { selfservice: { flows: { error: { ui_url: 'https://ui.example.com/error' } } } },
  });
});
afterAll(() => app?.stop());

test.each(['?id=b0000000-0000-4000-8000-00000000000b', '?id=nope', ''])(
  'an unknown error id (%s) is 404',
  async (query) => {
    const answer = await app.publicAgent().get(`/self-service/errors${query}`);
    expect(answer.status).toBe(404);
    expect(answer.body).toEqual({
      error: { code: 404, status: 'Not Found', message: 'Unable to locate the resource' },
    });
  },
);

test('a browser’s error is stored and can be read by its id', async () => {
  const moved = await app.publicAgent().get('/self-service/logout?token=nope').set('accept', 'text/html');
  expect(moved.status).toBe(303);
  const target = new URL(moved.headers['location']!);
  expect(target.origin + target.pathname).toBe('https://ui.example.com/error');

  const kept = await app.publicAgent().get(`/self-service/errors?id=${target.searchParams.get('id')}`);
  expect(kept.status).toBe(200);
  expect(kept.body).toMatchObject({
    id: target.searchParams.get('id'),
    error: { code: 401, status: 'Unauthorized', message: 'request does not have a valid authentication session' },
  });
  expect(Date.parse(kept.body.created_at as string)).toBeGreaterThan(0);
  expect(kept.body.updated_at).toBe(kept.body.created_at);
});

test('a client that asks for JSON gets the error itself, and nothing is stored', async () => {
  const before = await app.sql('SELECT id FROM flow_error');
  const answer = await app.publicAgent().get('/self-service/login/flows?id=nope').set('accept', 'application/json');
  expect(answer.status).toBe(404);
  expect(await app.sql('SELECT id FROM flow_error')).toEqual(before);
});

test.each([
  ['%00', '\ufffd'],
  ['a%00b', 'a\ufffdb'],
])('an error that quotes what the database cannot store (aal=%s) is stored without it', async (aal, shown) => {
  const moved = await app.publicAgent().get(`/self-service/login/browser?aal=${aal}`).set('accept', 'text/html');
  expect(moved.status).toBe(303);
  const id = new URL(moved.headers['location']!).searchParams.get('id');
  const kept = await app.publicAgent().get(`/self-service/errors?id=${id}`).expect(200);
  expect((kept.body as { error: { reason: string } }).error.reason).toContain(`got "${shown}"`);
});
