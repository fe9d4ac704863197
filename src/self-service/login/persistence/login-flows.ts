import { Injectable } from '@nestjs/common';
import { identityRow } from '../../../identity/sql.js';
import { Database } from '../../../platform/database/index.js';
import {
  type FlowEnd,
  type FlowType,
  isUuid,
  type NodeMessages,
  type StoredMessage,
} from '../../../platform/flow/index.js';
import { Random } from '../../../platform/random/index.js';

/** A login flow as stored. */
export interface LoginFlow extends FlowEnd {
  readonly id: string;
  readonly type: FlowType;
  readonly state: string;
  readonly activeMethod: string | null;
  readonly requestUrl: string;
  readonly returnTo: string | null;
  readonly refresh: boolean;
  readonly requestedAal: string;
  /** for a refresh: the identity whose session is being confirmed */
  readonly identityId: string | null;
  readonly csrfDigest: Buffer | null;
  readonly messages: StoredMessage[];
  readonly nodeMessages: NodeMessages;
  readonly submitted: { identifier?: string };
  readonly issuedAt: Date;
  readonly updatedAt: Date;
}

export interface NewLoginFlow {
  readonly type: FlowType;
  readonly requestUrl: string;
  readonly returnTo: string | null;
  readonly refresh: boolean;
  readonly identityId: string | null;
  readonly csrfDigest: Buffer | null;
  readonly messages: StoredMessage[];
  readonly lifespanSeconds: number;
}

/** What the form shows after a failed submission. */
export interface LoginRefusal {
  readonly messages?: StoredMessage[];
  readonly nodeMessages?: NodeMessages;
  readonly identifier?: string;
  readonly activeMethod?: string;
}

const COLUMNS = `id, type, state, active_method AS "activeMethod", request_url AS "requestUrl", return_to AS "returnTo", refresh,
  requested_aal AS "requestedAal", identity_id AS "identityId", csrf_digest AS "csrfDigest", messages,
  node_messages AS "nodeMessages", submitted, issued_at AS "issuedAt", updated_at AS "updatedAt", expires_at AS "expiresAt",
  completed_at IS NOT NULL OR expires_at <= clock_timestamp() AS over,
  greatest(0, extract(epoch FROM clock_timestamp() - expires_at))::float8 AS "expiredSeconds"`;

const FIND = `SELECT ${COLUMNS} FROM login_flow WHERE id = $1`;

const identity = identityRow();
const INSERT = `
  INSERT INTO login_flow (id, type, request_url, return_to, refresh, identity_id, access_epoch, csrf_digest, messages, expires_at)
  VALUES ($1, $2, $3, $4, $5, $6, coalesce((SELECT ${identity.access_epoch} FROM ${identity.from} WHERE ${identity.id} = $6), 0), $7, $8::jsonb,
    clock_timestamp() + make_interval(secs => $9::float8))
  RETURNING ${COLUMNS}`;

const REFUSE = `
  UPDATE login_flow SET messages = $2::jsonb, node_messages = $3::jsonb, submitted = $4::jsonb, active_method = $5,
    updated_at = clock_timestamp()
  WHERE id = $1 AND completed_at IS NULL
  RETURNING ${COLUMNS}`;

@Injectable()
export class LoginFlows {
  constructor(
    private readonly db: Database,
    private readonly random: Random,
  ) {}

  async find(id: string | undefined): Promise<LoginFlow | undefined> {
    if (!isUuid(id)) return undefined;
    return (await this.db.statement<LoginFlow>('login_flow_find', FIND, [id]))[0];
  }

  async insert(flow: NewLoginFlow): Promise<LoginFlow> {
    const [row] = await this.db.statement<LoginFlow>('login_flow_insert', INSERT, [
      this.random.uuid(),
      flow.type,
      flow.requestUrl,
      flow.returnTo,
      flow.refresh,
      flow.identityId,
      flow.csrfDigest,
      JSON.stringify(flow.messages),
      flow.lifespanSeconds,
    ]);
    return row!;
  }

  /** Replaces the result of the last submission; undefined if the flow has been completed. */
  async refuse(id: string, refusal: LoginRefusal): Promise<LoginFlow | undefined> {
    const { messages = [], nodeMessages = {}, identifier, activeMethod } = refusal;
    const [row] = await this.db.statement<LoginFlow>('login_flow_refuse', REFUSE, [
      id,
      JSON.stringify(messages),
      JSON.stringify(nodeMessages),
      JSON.stringify(identifier === undefined ? {} : { identifier }),
      activeMethod ?? null,
    ]);
    return row;
  }
}
