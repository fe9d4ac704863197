import { Injectable } from '@nestjs/common';
import { RegainConfig, SelfServiceConfig } from '../../config/index.js';
import { identifierRow, identityRow } from '../../identity/sql.js';
import { Database, named } from '../../platform/database/index.js';

const identity = identityRow();
const identifier = identifierRow();

/** Index: identity_pkey, credential_identifier_identity. */
const IDENTITY = named(
  'recovery_obstacles',
  `SELECT ${identity.state}, ${identity.available_aal} AS "availableAal",
    EXISTS (SELECT FROM ${identifier.from} WHERE ${identifier.identity_id} = ${identity.id} AND ${identifier.type} = 'password') AS "hasIdentifier"
  FROM ${identity.from} WHERE ${identity.id} = :identity_id::uuid`,
);

interface Standing {
  readonly state: string;
  readonly availableAal: string;
  readonly hasIdentifier: boolean;
}

/** Reasons why a link or code would not recover the account, in words for administrators. */
const OBSTACLES = {
  inactive: 'The identity is inactive: a link or code does not work until it is active again.',
  second_factor:
    'The identity has a second factor that this server cannot check: a link or code is refused (regain.recovery.second_factor) until an administrator removes the factor.',
  no_method:
    'No method is enabled with which the person could set a new credential: selfservice.methods.password, or oidc with a provider.',
  no_identifier:
    'The identity has no identifier to sign in with by password ("ory.sh/kratos".credentials.password.identifier), so its owner cannot set a password, and no other method is enabled.',
} as const;

/** Finds what would make a link or code useless to the person. */
@Injectable()
export class FindObstacles {
  constructor(
    private readonly db: Database,
    private readonly selfservice: SelfServiceConfig,
    private readonly regain: RegainConfig,
  ) {}

  /** One sentence per obstacle; none if the identity does not exist. */
  async run(identityId: string | undefined): Promise<string[]> {
    if (identityId === undefined) return [];
    const [row] = await this.db.run<Standing>(IDENTITY, { identity_id: identityId });
    if (row === undefined) return [];
    const refused = row.availableAal !== 'aal1' && this.regain.recovery.second_factor !== 'ignore';
    return [
      ...(row.state === 'active' ? [] : [OBSTACLES.inactive]),
      ...(refused ? [OBSTACLES.second_factor] : []),
      ...this.#withoutMethod(row),
    ];
  }

  #withoutMethod({ hasIdentifier }: Standing): string[] {
    const { password, oidc } = this.selfservice.methods;
    if (oidc.enabled && oidc.config.providers.length > 0) return [];
    if (!password.enabled) return [OBSTACLES.no_method];
    return hasIdentifier ? [] : [OBSTACLES.no_identifier];
  }
}
