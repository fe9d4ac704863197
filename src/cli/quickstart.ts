import { AccessTokenService } from '../access/index.js';
import type { Configuration } from '../config/index.js';
import { Urls } from '../config/index.js';
import { IdentityService, readNewIdentity } from '../identity/index.js';
import type { RegainServer } from '../main.js';
import { Duration } from '../platform/duration/index.js';
import { BadRequest } from '../platform/errors/index.js';
import { bindsToLoopback } from '../platform/ip/index.js';
import { RecoveryIssuing } from '../recovery/index.js';
import type { Io } from './io.js';
import { operatorName } from './operator.js';
import { serve, type ServeOptions } from './serve.js';
import { docsAddress } from './start-lines.js';

const TOKEN_LIFE = '168h';
const LINK_LIFE = '1h';
const EXAMPLE = { email: 'ada@example.com', name: { first: 'Ada', last: 'Lovelace' } };

/** Serves. On an empty database, first creates an access token, an example identity and a link, and prints them once. */
export function quickstart(options: ServeOptions, io: Io): Promise<number> {
  return serve({ ...options, check: refuseRealServers, onReady: firstSteps }, io);
}

function refuseRealServers({ root, serve: { public: open, admin } }: Configuration): void {
  if (root.dsn !== 'embedded' && root.dsn !== 'memory') {
    throw new BadRequest('quickstart creates example data, so it refuses a postgres:// dsn. Use `regain serve`.');
  }
  if (![open.host, admin.host].every(bindsToLoopback)) {
    throw new BadRequest(
      'quickstart prints secrets, so it listens on 127.0.0.1 only. Set serve.public.host and serve.admin.host to that, or use `regain serve`.',
    );
  }
}

async function firstSteps(server: RegainServer, configuration: Configuration, io: Io): Promise<void> {
  const tokens = server.get(AccessTokenService);
  const identities = server.get(IdentityService);
  const used = (await tokens.list()).length > 0 || (await identities.list({ pageSize: 1 })).identities.length > 0;
  if (used) {
    io.out('');
    io.out(
      'Using the data of an earlier start; its secrets are not printed again. To create a token: npx regain access-tokens create --name NAME --scopes "*"',
    );
    return;
  }
  const { token } = await tokens.create({
    name: 'quickstart',
    scopes: ['*'],
    expiresIn: Duration.parse(TOKEN_LIFE),
    source: 'first_start',
    createdBy: operatorName(),
  });
  const identity = await identities.create(readNewIdentity({ traits: EXAMPLE }));
  const { issued } = await server.get(RecoveryIssuing).issueLink({ identityId: identity.id, expiresIn: LINK_LIFE });
  for (const line of instructions(server.get(Urls), configuration, token, identity.id, issued.link)) io.out(line);
}

function instructions(
  urls: Urls,
  { serve: { public: open, admin } }: Configuration,
  token: string,
  identity: string,
  link: string,
): string[] {
  const origin = new URL(open.base_url).origin;
  return [
    '',
    "Access token (valid for 7 days; won't be shown again):",
    `  ${token}`,
    '',
    'Issue a recovery link:',
    `  curl -X POST ${origin}/api/kratos/admin/recovery/link \\`,
    `    -H 'Authorization: Bearer ${token}' \\`,
    `    -H 'Content-Type: application/json' \\`,
    `    -d '{"expires_in":"12h","identity_id":"${identity}"}'`,
    '',
    `Swagger UI (press Authorize and paste the token): ${docsAddress(admin.base_url)}`,
    '',
    `A recovery link for ${EXAMPLE.email} (valid for 1 hour; open it in a browser):`,
    `  ${link}`,
    '',
    `Then sign in at ${urls.public('/self-service/login/browser')}`,
    'Ctrl-C stops everything.',
  ];
}
