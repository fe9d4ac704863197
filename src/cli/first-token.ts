import { AccessTokenService } from '../access/index.js';
import type { Configuration } from '../config/index.js';
import type { RegainServer } from '../main.js';
import type { Io } from './io.js';
import { operatorName } from './operator.js';

/** Creates and prints the first token of an embedded database. Without one, nobody could create others. */
export async function firstToken(server: RegainServer, { root }: Configuration, io: Io): Promise<void> {
  if (root.dsn !== 'embedded' && root.dsn !== 'memory') return;
  const tokens = server.get(AccessTokenService);
  if ((await tokens.list()).length > 0) return;
  const { token } = await tokens.create({
    name: 'first start',
    scopes: ['*'],
    source: 'first_start',
    createdBy: operatorName(),
  });
  io.out('');
  io.out("The first personal access token (won't be shown again):");
  io.out(`  ${token}`);
}
