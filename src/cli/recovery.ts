import type { IdentityService } from '../identity/index.js';
import { BadRequest, DomainError } from '../platform/errors/index.js';
import { isUuid } from '../platform/flow/index.js';
import { type GrantState, presentGrant, type RecoveryService } from '../recovery/index.js';
import type { Io } from './io.js';
import type { Format } from './program.options.js';

interface LinkOptions {
  /** an identity's id, or one of its identifiers */
  identity: string;
  expiresIn?: string;
  format: Format;
}

/** Break-glass: a link made with access to the database, audited with the operating-system user and the reason. */
export async function recoveryLink(
  identities: IdentityService,
  recovery: RecoveryService,
  options: LinkOptions,
  io: Io,
): Promise<number> {
  const identity = isUuid(options.identity)
    ? await identities.find(options.identity)
    : await identities.findByIdentifier(options.identity);
  if (!identity) throw new BadRequest('There is no identity with this id or identifier.');
  const issued = await recovery.issueLink({ identityId: identity.id, expiresIn: options.expiresIn });
  const answer = { recovery_link: issued.link, expires_at: issued.expiresAt.toISOString() };
  io.out(options.format === 'json' ? JSON.stringify(answer) : answer.recovery_link);
  return 0;
}

export async function recoveryGrants(
  recovery: RecoveryService,
  options: { identity?: string; state?: GrantState; format: Format },
  io: Io,
): Promise<number> {
  if (options.identity !== undefined && !isUuid(options.identity))
    throw new BadRequest('--identity takes the id of an identity, a UUID.');
  const grants = await recovery.grants({ identityId: options.identity, state: options.state, limit: 500 });
  if (options.format === 'json') io.out(JSON.stringify(grants.map(presentGrant)));
  else
    for (const g of grants)
      io.out(`${g.id}  ${g.kind}  ${g.state.padEnd(7)}  ${g.identityId}  until ${g.expiresAt.toISOString()}`);
  return 0;
}

export async function recoveryRevoke(
  recovery: RecoveryService,
  { grant, format }: { grant: string; format: Format },
  io: Io,
): Promise<number> {
  try {
    await recovery.revoke(grant);
  } catch (error) {
    if (error instanceof DomainError && error.status === 404) throw new BadRequest('There is no grant with this id.');
    throw error;
  }
  io.out(format === 'json' ? JSON.stringify({ id: grant, state: 'revoked' }) : `${grant} is withdrawn.`);
  return 0;
}
