import { Migration0001Initial } from './0001-initial.js';
import { Migration0002Courier } from './0002-courier.js';

/** In the order in which they run. Append only: what has run anywhere never changes. */
export const MIGRATIONS = [
  { name: '0001-initial', class: Migration0001Initial },
  { name: '0002-courier', class: Migration0002Courier },
];
