import { Injectable } from '@nestjs/common';
import { Database, Instant } from '../../platform/database/index.js';
import { identityFromJson } from './identity-json.js';
import type { CredentialView, IdentityView } from '../identity.view.js';
import { normalizeIdentifier } from '../identifiers/normalize.js';
import { trigramsOf } from '../identifiers/trigrams.js';
import { IdentityPageTokens } from './page-token.js';
import { identityJson, isStranded } from '../sql.js';
import { execute } from './execute.js';

export interface ListQuery {
  /** rows at most */
  readonly pageSize: number;
  readonly pageToken?: string | undefined;
  /** only the identity that signs in with this, however it is spelled */
  readonly identifier?: string | undefined;
  /** only identities that sign in with something that holds this, however it is spelled */
  readonly similar?: string | undefined;
  /** from 0 on; instead of a token */
  readonly page?: number | undefined;
  /** only these; uuids */
  readonly ids?: readonly string[] | undefined;
  /** only those that are contained; `without_grant`: and that no administrator's link or code leads back to */
  readonly contained?: 'all' | 'without_grant' | undefined;
}

export interface IdentityPage {
  readonly identities: readonly IdentityView[];
  readonly firstPageToken: string;
  /** absent on the last page */
  readonly nextPageToken?: string;
  /** of a numbered page: how many there are, exact up to a hundred thousand */
  readonly total?: number;
}

const OF_IDENTIFIER = `i.id IN (SELECT identity_id FROM credential_identifier WHERE normalized = ?)`;
/** As many as anybody looks through; more of them are not looked for. Index: credential_identifier_trigrams. */
const MOST_SIMILAR = 1_000;
const SIMILAR = `i.id IN (
  SELECT identity_id FROM credential_identifier WHERE identifier_trigrams(normalized) @> ARRAY(SELECT jsonb_array_elements_text(?::jsonb))
    AND position(?::text IN normalized) > 0 AND type IN ('password', 'code', 'oidc', 'webauthn') LIMIT ${MOST_SIMILAR})`;
/** Exact as far as it costs little; further on as the planner knows it. */
const COUNT = `
  SELECT CASE WHEN count(*) <= 100000 THEN count(*)
    ELSE greatest(count(*), (SELECT reltuples::bigint FROM pg_class WHERE oid = 'identity'::regclass)) END::float8 AS total
  FROM (SELECT FROM identity LIMIT 100001) AS counted`;
const SELECT = `SELECT ${identityJson('i')} AS identity FROM identity i`;

const at = (column: string): string => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

/** Indexes: identity_credential_type_unique, credential_identifier_credential. */
const CREDENTIALS = `
  SELECT c.identity_id AS "identityId", c.type, c.version, c.config, ${at('c.created_at')} AS "createdAt",
    ${at('c.updated_at')} AS "updatedAt", (
      SELECT coalesce(json_agg(v.value ORDER BY v.id), '[]') FROM credential_identifier v WHERE v.credential_id = c.id) AS identifiers
  FROM identity_credential c
  WHERE c.identity_id = ANY (ARRAY(SELECT jsonb_array_elements_text(?::jsonb)::uuid)) ORDER BY c.type`;

interface CredentialRow {
  readonly identityId: string;
  readonly type: string;
  readonly identifiers: readonly string[];
  readonly version: number;
  readonly config: Readonly<Record<string, unknown>>;
  readonly createdAt: string;
  readonly updatedAt: string;
}

interface Filter {
  readonly sql: string;
  readonly values: readonly unknown[];
}

function filtersOf({ identifier, similar, ids, contained }: ListQuery): Filter[] {
  const filters: Filter[] = [];
  if (identifier !== undefined) filters.push({ sql: OF_IDENTIFIER, values: [normalizeIdentifier(identifier)] });
  if (similar !== undefined) {
    const part = normalizeIdentifier(similar);
    filters.push({
      sql: part === '' ? 'false' : SIMILAR,
      values: part === '' ? [] : [JSON.stringify(trigramsOf(part)), part],
    });
  }
  if (ids !== undefined)
    filters.push({
      sql: 'i.id = ANY (ARRAY(SELECT jsonb_array_elements_text(?::jsonb)::uuid))',
      values: [JSON.stringify(ids)],
    });
  if (contained !== undefined) filters.push({ sql: 'i.contained_at IS NOT NULL', values: [] });
  if (contained === 'without_grant') filters.push({ sql: isStranded('i'), values: [] });
  return filters;
}

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
  async page(query: ListQuery): Promise<IdentityPage> {
    const { pageSize, pageToken, page = 0 } = query;
    const filters = [{ sql: 'i.id > ?', values: [this.tokens.open(pageToken)] }, ...filtersOf(query)];
    const sql = `${SELECT} WHERE ${filters.map((each) => each.sql).join(' AND ')} ORDER BY i.id LIMIT ? OFFSET ?`;
    const values = filters.flatMap((each) => each.values);
    const rows = await this.#select(sql, [...values, pageSize + 1, page * pageSize]);
    const identities = rows.slice(0, pageSize);
    if (query.page !== undefined)
      return { identities, firstPageToken: this.tokens.seal(), total: await this.#total(query, identities.length) };
    const last = rows.length > pageSize ? identities.at(-1) : undefined;
    const next = last === undefined ? {} : { nextPageToken: this.tokens.seal(last.id) };
    return { identities, firstPageToken: this.tokens.seal(), ...next };
  }

  /** As Kratos counts: with an identifier what is shown, otherwise everybody. */
  async #total({ identifier }: ListQuery, shown: number): Promise<number> {
    if (identifier !== undefined) return shown;
    const [row] = await this.db.read((em) => execute<{ total: number }>(em, COUNT, []));
    return row?.total ?? 0;
  }

  async credentials(ids: readonly string[]): Promise<ReadonlyMap<string, readonly CredentialView[]>> {
    if (ids.length === 0) return new Map();
    const rows = await this.db.read((em) => execute<CredentialRow>(em, CREDENTIALS, [JSON.stringify(ids)]));
    const views = new Map<string, CredentialView[]>(ids.map((id) => [id, []]));
    for (const { identityId, type, identifiers, version, config, createdAt, updatedAt } of rows)
      views.get(identityId)?.push({
        type,
        identifiers,
        version,
        config,
        createdAt: new Instant(createdAt),
        updatedAt: new Instant(updatedAt),
      });
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
