import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PATIENCE } from '../support/server-process.js';
import { getThrough, stopWithin, type Trouble, Troubled } from './network/trouble.js';

/** Long enough to affect every request and every connection of the pool. test/long runs the full figures. */
const SECONDS = 6;

/** A node that lost its network for ten seconds once never answered again, and did not even stop. */
describe('a database that does not answer', () => {
  let troubled: Troubled;
  beforeAll(async () => {
    troubled = await Troubled.start();
  });
  afterAll(() => troubled.stop());

  test.each<[Trouble, 'loaded' | 'idle']>([
    ['hole', 'loaded'],
    ['freeze', 'loaded'],
    ['half-open', 'idle'],
  ])('%s, %s: every answer within 3 s, back to normal within 5 s', { timeout: 2 * PATIENCE }, async (trouble, load) => {
    const figures = await getThrough(troubled, trouble, SECONDS, load === 'loaded');
    console.log(figures);
    expect(figures).toContain(trouble);
  });

  test('SIGTERM works while nothing gets through', { timeout: 2 * PATIENCE }, async () => {
    const figures = await stopWithin(troubled, 'hole');
    console.log(figures);
    expect(figures).toContain('SIGTERM');
  });
});
