import { expect, test } from 'vitest';
import { isCron } from './cron.js';

test.each([
  '@daily',
  '*/5 * * * *',
  '0 3 * * *',
  '0 0 1,15 * mon-fri',
  '30 * * * * *',
  '0-30/10 0 1 JAN 0',
  '0 0 * * 7',
])('%s is a valid schedule', (text) => expect(isCron(text)).toBe(true));

test.each(['', '* * * *', '* * * * * * *', '60 * * * *', '* 24 * * *', '* * 0 * *', '* * * 13 *', '* * * * 8'])(
  '%s is out of range or has the wrong number of fields',
  (text) => expect(isCron(text)).toBe(false),
);

test.each(['a * * * *', '*/0 * * * *', '5-1 * * * *', '1-2-3 * * * *', '*/5/5 * * * *', '1, * * * *', '- * * * *'])(
  '%s is malformed',
  (text) => expect(isCron(text)).toBe(false),
);
