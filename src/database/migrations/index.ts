import { Migration0001Initial } from './0001-initial.js';

/** In the order in which they run. Append only: what has run anywhere never changes. */
export const MIGRATIONS = [{ name: '0001-initial', class: Migration0001Initial }];
