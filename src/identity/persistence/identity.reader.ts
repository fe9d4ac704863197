import { Injectable } from '@nestjs/common';
import { RegainConfig } from '../../config/index.js';
import { inTurns } from '../../platform/clock/index.js';
import { Database, Instant } from '../../platform/database/index.js';
import { identityFromJson } from './identity-json.js';
import type { CredentialView, IdentityView } from '../identity.view.js';
import { PageTooLarge } from '../identity.errors.js';
import { normalizeIdentifier } from '../identifiers/normalize.js';
import { trigramsOf } from '../identifiers/trigrams.js';
import { IdentityPageTokens } from './page-token.js';
import { identityJson, isStranded } from '../sql.js';
import { execute } from './execute.js';

export interface ListQuery {
  /** maximum number of rows */
  readonly pageSize: number;
  readonly pageToken?: string | undefined;
  /** only the identity that signs in with this identifier, in any spelling */
  readonly identifier?: string | undefined;
  /** only identities with an identifier that contains this text, in any spelling */
  readonly similar?: string | undefined;
  /** starts at 0; replaces a token */
  readonly page?: number | undefined;
  /** only these UUIDs */
  readonly ids?: readonly string[] | undefined;
  /** only contained ones; `without_grant`: only those that no administrator's link or code leads back to */
  readonly contained?: 'all' | 'without_grant' | undefined;
  /** whether to read credentials as well; they count towards the size of the page */
  readonly withCredentials?: boolean;
}

export interface IdentityPage {
  readonly identities: readonly IdentityView[];
  readonly firstPageToken: string;
  /** absent on the last page */
  readonly nextPageToken?: string;
  /** for a numbered page: total number of identities, exact up to 100,000 */
  readonly total?: number;
}

const OF_IDENTIFIER = `i.id IN (SELECT identity_id FROM credential_identifier WHERE normalized = ?)`;
/** Nobody looks through more results than this, so the search stops there. Index: credential_identifier_trigrams. */
const MOST_SIMILAR = 1_000;
const SIMILAR = `i.id IN (
  SELECT identity_id FROM credential_identifier WHERE identifier_trigrams(normalized) @> ARRAY(SELECT jsonb_array_elements_text(?::jsonb))
    AND position(?::text IN normalized) > 0 AND type IN ('password', 'code', 'oidc', 'webauthn') LIMIT ${MOST_SIMILAR})`;
/** Exact while counting is cheap; above that, the planner's estimate. */
const COUNT = `
  SELECT CASE WHEN count(*) <= 100000 THEN count(*)
    ELSE greatest(count(*), (SELECT reltuples::bigint FROM pg_class WHERE oid = 'identity'::regclass)) END::float8 AS total
  FROM (SELECT FROM identity LIMIT 100001) AS counted`;
const SELECT = `SELECT ${identityJson('i')} AS identity FROM identity i`;

const CREDENTIAL_BYTES = `(
  SELECT coalesce(sum(octet_length(c.config::text)), 0) FROM identity_credential c WHERE c.identity_id = i.id)`;

/**
 * Reads identities one by one, in the order of `ids`, until they fill a page; an identity that has been deleted is
 * null. Identities that do not fit are not read. Values: those of `ids`, rows, bytes. Index: primary key, for each row.
 * @param ids SQL: one uuid[]
 */
const walk = (ids: string, withCredentials = false): string => `
  WITH RECURSIVE chosen AS MATERIALIZED (SELECT ids, cardinality(ids) AS count FROM (SELECT (${ids})::uuid[] AS ids) AS listed),
    page AS (
      SELECT 0 AS place, NULL::text AS identity, 0::bigint AS bytes
      UNION ALL
      SELECT p.place + 1, found.identity, p.bytes + coalesce(octet_length(found.identity) + found.more, 0)
      FROM page p CROSS JOIN chosen LEFT JOIN LATERAL (
        SELECT ${identityJson('i')}::text AS identity, ${withCredentials ? CREDENTIAL_BYTES : '0'} AS more
        FROM identity i WHERE i.id = chosen.ids[p.place + 1]) AS found ON true
      WHERE p.place < least(chosen.count, ?::integer) AND p.bytes < ?::bigint)
  SELECT identity, chosen.count FROM page, chosen WHERE place > 0 ORDER BY place`;
const GIVEN = walk('ARRAY(SELECT jsonb_array_elements_text(?::jsonb))');

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

/** Reads identities as rows of JSON, addresses included, in one statement each. */
@Injectable()
export class IdentityReader {
  constructor(
    private readonly db: Database,
    private readonly tokens: IdentityPageTokens,
    private readonly regain: RegainConfig,
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

  /**
   * Ordered by id; ends early if the page would be too large.
   * @throws PageTooLarge for a numbered page
   */
  async page(query: ListQuery): Promise<IdentityPage> {
    const { pageSize, pageToken, page = 0, withCredentials = false } = query;
    const filters = [{ sql: 'i.id > ?', values: [this.tokens.verify(pageToken)] }, ...filtersOf(query)];
    const listed = `SELECT i.id FROM identity i WHERE ${filters.map((each) => each.sql).join(' AND ')} ORDER BY i.id LIMIT ? OFFSET ?`;
    const values = [...filters.flatMap((each) => each.values), pageSize + 1, page * pageSize, pageSize];
    const { found, chosen } = await this.#walk(walk(`ARRAY(${listed})`, withCredentials), values);
    const identities = found.filter((each) => each !== undefined);
    if (query.page !== undefined) {
      if (identities.length < Math.min(chosen, pageSize)) throw new PageTooLarge(identities.length);
      return { identities, firstPageToken: this.tokens.sign(), total: await this.#total(query, identities.length) };
    }
    const last = chosen > identities.length ? identities.at(-1) : undefined;
    const next = last === undefined ? {} : { nextPageToken: this.tokens.sign(last.id) };
    return { identities, firstPageToken: this.tokens.sign(), ...next };
  }

  /**
   * The identities with these ids, in their order and with repetitions: as many as fit on a page, at least one.
   * Undefined for an id that does not exist.
   */
  async inOrder(ids: readonly string[]): Promise<(IdentityView | undefined)[]> {
    if (ids.length === 0) return [];
    return (await this.#walk(GIVEN, [JSON.stringify(ids), ids.length])).found;
  }

  /** How many times the identity fits on one page; at least once. */
  roomFor({ traits, metadataPublic, metadataAdmin }: IdentityView): number {
    const bytes = Buffer.byteLength(JSON.stringify([traits, metadataPublic, metadataAdmin]));
    return Math.max(1, Math.floor(this.#most / bytes));
  }

  get #most(): number {
    return this.regain.admin.page_limit * 1024;
  }

  /** Counts like Kratos: with an identifier, the identities shown; otherwise all of them. */
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

  async #walk(sql: string, values: unknown[]): Promise<{ found: (IdentityView | undefined)[]; chosen: number }> {
    const rows = await this.db.read((em) =>
      execute<{ identity: string | null; count: number }>(em, sql, [...values, this.#most]),
    );
    const found = await inTurns(rows, ({ identity }) => (identity === null ? undefined : identityFromJson(identity)));
    return { found, chosen: rows[0]?.count ?? 0 };
  }

  async #select(sql: string, values: unknown[]): Promise<IdentityView[]> {
    const rows = await this.db.read((em) => execute<{ identity: unknown }>(em, sql, values));
    return rows.map(({ identity }) => identityFromJson(identity));
  }
}
