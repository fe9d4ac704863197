import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PATIENCE } from '../support/server-process.js';
import { getThrough, stopWithin, type Trouble, Troubled } from './network/trouble.js';

/** Long enough for every request and connection of the pool to be caught by it; test/long has the full figures. */
const SECONDS = 6;

/** A node whose network was lost for ten seconds never answered again, and did not even stop. */
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
  ])('%s, %s: every answer within 3 s, all is well within 5 s', { timeout: 2 * PATIENCE }, async (trouble, load) => {
    const figures = await getThrough(troubled, trouble, SECONDS, load === 'loaded');
    console.log(figures);
    expect(figures).toContain(trouble);
  });

  test('SIGTERM is obeyed in a hole', { timeout: 2 * PATIENCE }, async () => {
    const figures = await stopWithin(troubled, 'hole');
    console.log(figures);
    expect(figures).toContain('SIGTERM');
  });
});
