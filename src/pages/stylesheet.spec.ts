import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { asset, STYLESHEET, STYLESHEET_URL } from './stylesheet.js';

test('the stylesheet is cached for good under the name of its content', () => {
  const answer = asset(STYLESHEET);
  expect(answer?.status).toBe(200);
  expect(answer?.headers).toEqual({
    'content-type': 'text/css; charset=utf-8',
    'cache-control': 'public, max-age=31536000, immutable',
  });
  const digest = createHash('sha256').update(String(answer?.body)).digest('hex').slice(0, 16);
  expect(STYLESHEET_URL).toBe(`assets/style.${digest}.css`);
});

test('under its plain name it is not cached', () => {
  expect(asset('style.css')?.headers['cache-control']).toBe('no-cache');
});

test('it loads nothing else', () => {
  expect(String(asset(STYLESHEET)?.body)).not.toMatch(/@import|@font-face|url\(|https?:/);
});

test.each(['style.0000000000000000.css', '../pages.module.js', 'constructor', ''])('there is no asset %s', (name) => {
  expect(asset(name)).toBeUndefined();
});
