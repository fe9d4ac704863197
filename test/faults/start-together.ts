import { expect } from 'vitest';
import { MIGRATIONS } from '../../src/database/migrations/index.js';
import { Cluster } from '../support/cluster.js';

/** Starts two processes at the same moment on an empty database: both become ready, and everything is created once. */
export async function startTogether(rounds: number): Promise<string> {
  let slowest = 0;
  for (let round = 0; round < rounds; round++) {
    const cluster = await Cluster.make({ parity: false });
    try {
      const began = performance.now();
      const nodes = await Promise.all([cluster.start(), cluster.start()]);
      slowest = Math.max(slowest, performance.now() - began);
      const ran = await cluster.sql('SELECT name FROM regain_migration ORDER BY id');
      expect(ran).toEqual(MIGRATIONS.map(({ name }) => ({ name })));
      expect(await cluster.sql('SELECT source, revoked_at FROM access_token')).toEqual([
        { source: 'environment', revoked_at: null },
      ]);
      for (const node of nodes) expect(await node.newLink(await node.newPerson())).toContain('token=');
      for (const { process } of nodes) expect(process.stderr).not.toMatch(/"level":(50|60)|Unexpected/);
    } finally {
      await cluster.stop();
    }
  }
  return `${rounds} rounds of two starts, slowest ${Math.round(slowest)} ms`;
}
