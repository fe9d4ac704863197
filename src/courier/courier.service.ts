import { Injectable } from '@nestjs/common';
import { RegainConfig, Urls } from '../config/index.js';
import { Database } from '../platform/database/index.js';
import { MissingRow } from '../platform/errors/index.js';
import { isUuid } from '../platform/flow/index.js';
import { MessageSeal } from './message-seal.js';
import type { MessagePage, MessageQuery, MessageStatus, MessageView } from './message.view.js';
import { MessagePageTokens } from './page-token.js';
import { isTemplateType, renderTemplate } from './templates.js';

interface Row {
  id: string;
  status: MessageStatus;
  type: string;
  channel: string;
  template_type: string;
  recipient: string;
  data: { minutes?: number; flow?: string };
  secret: Buffer | null;
  key_id: string | null;
  send_count: number;
  created_at: Date;
  updated_at: Date;
  /** created_at in microseconds */
  at: string;
}

/** Index: courier_message_created_at, or courier_message_recipient where one is asked for. */
const LIST = `
  SELECT *, (extract(epoch FROM created_at) * 1000000)::bigint::text AS at FROM courier_message
  WHERE status <> 'suppressed' AND ($1::text IS NULL OR status = $1::text) AND ($2::text IS NULL OR recipient = $2::text)
    AND (created_at, id) < ('epoch'::timestamptz + $3::bigint * interval '1 microsecond', $4::uuid)
  ORDER BY created_at DESC, id DESC LIMIT $5::integer`;

const ONE = `SELECT *, '' AS at FROM courier_message WHERE id = $1::uuid AND status <> 'suppressed'`;

/** Stands where the secret would. */
const HIDDEN = 'redacted';

/** The outbox as administrators see it. */
@Injectable()
export class CourierService {
  constructor(
    private readonly db: Database,
    private readonly seal: MessageSeal,
    private readonly pageTokens: MessagePageTokens,
    private readonly regain: RegainConfig,
    private readonly urls: Urls,
  ) {}

  /** Newest first. @throws PageTokenRefused */
  async list({ pageSize, pageToken, status, recipient }: MessageQuery): Promise<MessagePage> {
    const { at, id } = this.pageTokens.open(pageToken);
    const values = [status ?? null, recipient ?? null, at, id, pageSize + 1];
    const rows = await this.db.statement<Row>('list_courier_messages', LIST, values);
    const shown = rows.slice(0, pageSize);
    const last = rows.length > pageSize ? shown.at(-1) : undefined;
    return {
      messages: shown.map((row) => this.#view(row)),
      firstPageToken: this.pageTokens.seal(),
      nextPageToken: last && this.pageTokens.seal(last),
    };
  }

  /** @throws MissingRow */
  async get(id: string): Promise<MessageView> {
    const [row] = isUuid(id) ? await this.db.statement<Row>('get_courier_message', ONE, [id]) : [];
    if (!row) throw new MissingRow();
    return this.#view(row);
  }

  #view(row: Row): MessageView {
    const { subject, body } = this.#text(row);
    return {
      id: row.id,
      status: row.status,
      type: row.type,
      channel: row.channel,
      templateType: row.template_type,
      recipient: row.recipient,
      subject,
      body,
      sendCount: row.send_count,
      createdAt: row.created_at,
      updatedAt: row.updated_at,
    };
  }

  #text(row: Row): { subject: string; body: string } {
    if (!isTemplateType(row.template_type)) return { subject: '', body: '' };
    const { minutes = 0, flow } = row.data;
    const secret = this.#secret(row) ?? HIDDEN;
    const shown = flow === undefined ? secret : this.urls.recoveryLink(flow, secret);
    return renderTemplate(row.template_type, shown, { minutes });
  }

  /** Only while it is unsent, and where the configuration says so. */
  #secret({ id, status, secret, key_id }: Row): string | undefined {
    const unsent = status === 'queued' || status === 'processing';
    if (!unsent || !this.regain.courier.show_unsent_secrets || secret === null || key_id === null) return undefined;
    return this.seal.open(id, { sealed: secret, keyId: key_id });
  }
}
