import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Answer } from '../platform/http/index.js';

const css = readFileSync(new URL('./assets/style.css', import.meta.url), 'utf8');
const digest = createHash('sha256').update(css).digest('hex').slice(0, 16);
const YEAR = 31_536_000;

/** Named after its content, so a new version is fetched at once and a cached one never again. */
export const STYLESHEET = `style.${digest}.css`;

/** Relative to a page, so it works behind a path prefix and under every host name. */
export const STYLESHEET_URL = `assets/${STYLESHEET}`;

/** The stylesheet under its name; undefined for any other asset. `style.css` is the same file without caching. */
export function asset(name: string): Answer | undefined {
  if (name !== STYLESHEET && name !== 'style.css') return undefined;
  const cache = name === STYLESHEET ? `public, max-age=${YEAR}, immutable` : 'no-cache';
  return Answer.text(200, css.trimEnd()).withHeaders({
    'content-type': 'text/css; charset=utf-8',
    'cache-control': cache,
  });
}
