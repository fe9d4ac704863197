import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/index.js';
import { IdentityCredential } from '../persistence/identity.entities.js';
import type { GivenCredentials } from '../requests/identity-body.js';
import { sameConnection } from './connection.js';
import { Connections } from './connections.js';

/**
 * Finds which credentials in an administrator's request are new. An answer that is sent back unchanged contains none.
 */
@Injectable()
export class CredentialNews {
  constructor(
    private readonly db: Database,
    private readonly connections: Connections,
  ) {}

  async of(identityId: string, given: GivenCredentials): Promise<GivenCredentials> {
    const { password, hashedPassword, connections = [], lifts } = given;
    const known = connections.length === 0 ? [] : await this.connections.of(identityId);
    const fresh = connections.filter((each) => !known.some((one) => sameConnection(one, each)));
    const kept = hashedPassword !== undefined && (await this.#hashOf(identityId)) === hashedPassword;
    return {
      ...(password === undefined ? {} : { password }),
      ...(hashedPassword === undefined || kept ? {} : { hashedPassword }),
      ...(fresh.length === 0 ? {} : { connections: fresh }),
      lifts,
    };
  }

  async #hashOf(identityId: string): Promise<unknown> {
    const found = await this.db.read((em) => em.findOne(IdentityCredential, { identityId, type: 'password' }));
    return found?.config['hashed_password'];
  }
}
