import { expect, test } from 'vitest';
import { numberedPages } from './numbered.js';

const shown = (total: number, page: number, perPage: number) =>
  numberedPages(total, page, perPage).map(({ relation, page: at, perPage: size }) => `${relation} ${at}/${size}`);

/* Worked out by hand from the algorithm of Kratos' paginator. */
test.each([
  [2, 0, 250, ['first 0/2']],
  [2, 7, 250, ['first 0/2']],
  [5, 0, 2, ['next 1/2', 'last 2/2']],
  [5, 1, 2, ['first 0/2', 'next 2/2', 'prev 0/2', 'last 2/2']],
  [5, 2, 2, ['first 0/2', 'prev 1/2']],
  [4, 1, 2, ['first 0/2', 'prev 0/2']],
  [5, 9, 2, ['first 0/2', 'prev 1/2']],
  [2, 0, 2, ['first 0/2']],
  [0, 0, 2, ['first 0/2', 'next 1/2', 'prev -1/2']],
])('%i rows, page %i of %i', (total, page, perPage, links) => {
  expect(shown(total, page, perPage)).toEqual(links);
});
