import { expect, test } from 'vitest';
import { stopUnderLoad } from '../faults/stop-under-load.js';

test('SIGTERM under load, 20 times', async () => {
  for (let round = 0; round < 20; round++) {
    const figures = await stopUnderLoad('SIGTERM');
    console.log(figures);
    expect(figures).toContain('SIGTERM');
  }
});
