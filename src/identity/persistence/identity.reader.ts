import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/index.js';
import { identityFromJson } from './identity-json.js';
import type { CredentialView, IdentityView } from '../identity.view.js';
import { normalizeIdentifier } from '../identifiers/normalize.js';
import { IdentityPageTokens } from './page-token.js';
import { identityJson } from '../sql.js';
import { execute } from './execute.js';
import { CredentialIdentifier, IdentityCredential } from './identity.entities.js';

export interface ListQuery {
  /** rows at most */
  readonly pageSize: number;
  readonly pageToken?: string | undefined;
  /** only the identity that signs in with this, however it is spelled */
  readonly identifier?: string | undefined;
  /** only these; uuids */
  readonly ids?: readonly string[] | undefined;
}

export interface IdentityPage {
  readonly identities: readonly IdentityView[];
  readonly firstPageToken: string;
  /** absent on the last page */
  readonly nextPageToken?: string;
}

const OF_IDENTIFIER = `i.id IN (SELECT identity_id FROM credential_identifier WHERE normalized = ?)`;
const SELECT = `SELECT ${identityJson('i')} AS identity FROM identity i`;

/** Identities as rows of JSON, addresses included: one statement each. */
@Injectable()
export class IdentityReader {
  constructor(
    private readonly db: Database,
    private readonly tokens: IdentityPageTokens,
  ) {}

  /** Index: primary key. */
  byId(id: string): Promise<IdentityView | undefined> {
    return this.#one('i.id = ?', id);
  }

  /** Index: identity_external_id_unique. */
  byExternalId(externalId: string): Promise<IdentityView | undefined> {
    return this.#one('i.external_id = ?', externalId);
  }

  /** Index: credential_identifier_normalized. */
  byIdentifier(identifier: string): Promise<IdentityView | undefined> {
    return this.#one(OF_IDENTIFIER, normalizeIdentifier(identifier));
  }

  /** In the order of ids. */
  async page({ pageSize, pageToken, identifier, ids }: ListQuery): Promise<IdentityPage> {
    const conditions = ['i.id > ?'];
    const values: unknown[] = [this.tokens.open(pageToken)];
    if (identifier !== undefined) {
      conditions.push(OF_IDENTIFIER);
      values.push(normalizeIdentifier(identifier));
    }
    if (ids !== undefined) {
      conditions.push('i.id = ANY (ARRAY(SELECT jsonb_array_elements_text(?::jsonb)::uuid))');
      values.push(JSON.stringify(ids));
    }
    const sql = `${SELECT} WHERE ${conditions.join(' AND ')} ORDER BY i.id LIMIT ?`;
    const rows = await this.#select(sql, [...values, pageSize + 1]);
    const identities = rows.slice(0, pageSize);
    const last = rows.length > pageSize ? identities.at(-1) : undefined;
    const next = last === undefined ? {} : { nextPageToken: this.tokens.seal(last.id) };
    return { identities, firstPageToken: this.tokens.seal(), ...next };
  }

  async credentials(ids: readonly string[]): Promise<ReadonlyMap<string, readonly CredentialView[]>> {
    if (ids.length === 0) return new Map();
    const of = { identityId: { $in: [...ids] } };
    const [credentials, identifiers] = await this.db.read(async (em) => [
      await em.find(IdentityCredential, of, { orderBy: { type: 'asc' } }),
      await em.find(CredentialIdentifier, of, { orderBy: { id: 'asc' } }),
    ]);
    const views = new Map<string, CredentialView[]>(ids.map((id) => [id, []]));
    for (const credential of credentials) {
      const own = identifiers.filter(({ credentialId }) => credentialId === credential.id);
      views.get(credential.identityId)?.push({
        type: credential.type,
        identifiers: own.map(({ value }) => value),
        version: credential.version,
        config: credential.config,
        createdAt: credential.createdAt,
        updatedAt: credential.updatedAt,
      });
    }
    return views;
  }

  async #one(condition: string, value: string): Promise<IdentityView | undefined> {
    return (await this.#select(`${SELECT} WHERE ${condition} LIMIT 1`, [value]))[0];
  }

  async #select(sql: string, values: unknown[]): Promise<IdentityView[]> {
    const rows = await this.db.read((em) => execute<{ identity: unknown }>(em, sql, values));
    return rows.map(({ identity }) => identityFromJson(identity));
  }
}
