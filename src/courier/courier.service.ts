import { Injectable } from '@nestjs/common';
import { RegainConfig } from '../config/index.js';
import { inTurns } from '../platform/clock/index.js';
import { Database, named, type NamedStatement } from '../platform/database/index.js';
import { MissingRow } from '../platform/errors/index.js';
import { isUuid } from '../platform/flow/index.js';
import type { MessageRow } from './message-row.js';
import { MessageText } from './message-text.js';
import type { DispatchView, MessagePage, MessageQuery, MessageStatus, MessageView } from './message.view.js';
import { MessagePageTokens } from './page-token.js';

interface Row extends MessageRow {
  /** false once the message has expired */
  live: boolean;
  /** created_at in microseconds */
  at: string;
}

interface DispatchRow {
  id: string;
  status: DispatchView['status'];
  error: DispatchView['error'] | null;
  created_at: Date;
  updated_at: Date;
}

/**
 * One statement per filter set, so that each gets its own plan. Index: courier_message_recipient with a recipient,
 * courier_message_abandoned or courier_message_due for that status, courier_message_created_at otherwise.
 */
const list = (status: MessageStatus | undefined, ofRecipient: boolean): NamedStatement =>
  named(
    `list_courier_messages${status === undefined ? '' : `_${status}`}${ofRecipient ? '_of_recipient' : ''}`,
    `
  SELECT *, expires_at > clock_timestamp() AS live, (extract(epoch FROM created_at) * 1000000)::bigint::text AS at FROM courier_message
  WHERE status ${status === undefined ? `<> 'suppressed'` : `= '${status}'`} ${ofRecipient ? 'AND recipient = :recipient::text' : ''}
    AND (created_at, id) < ('epoch'::timestamptz + :at::bigint * interval '1 microsecond', :id::uuid)
  ORDER BY created_at DESC, id DESC LIMIT :limit::integer`,
  );

const ONE = `
  SELECT *, expires_at > clock_timestamp() AS live, '' AS at FROM courier_message WHERE id = $1::uuid AND status <> 'suppressed'`;

/** Index: courier_dispatch_message. */
const DISPATCHES = `
  SELECT id, status, error, created_at, updated_at FROM courier_dispatch WHERE message_id = $1::uuid ORDER BY created_at, id`;

/** The outbox as administrators see it. */
@Injectable()
export class CourierService {
  constructor(
    private readonly db: Database,
    private readonly text: MessageText,
    private readonly pageTokens: MessagePageTokens,
    private readonly regain: RegainConfig,
  ) {}

  /**
   * Newest first.
   * @throws PageTokenRefused
   */
  async list({ pageSize, pageToken, status, recipient }: MessageQuery): Promise<MessagePage> {
    const { at, id } = this.pageTokens.verify(pageToken);
    const values = { recipient, at, id, limit: pageSize + 1 };
    const rows = await this.db.run<Row>(list(status, recipient !== undefined), values);
    const shown = rows.slice(0, pageSize);
    const last = rows.length > pageSize ? shown.at(-1) : undefined;
    return {
      messages: await inTurns(shown, (row) => this.#view(row)),
      firstPageToken: this.pageTokens.sign(),
      nextPageToken: last && this.pageTokens.sign(last),
    };
  }

  /**
   * One message with its delivery attempts.
   * @throws MissingRow
   */
  async get(id: string): Promise<MessageView> {
    const [row] = isUuid(id) ? await this.db.statement<Row>('get_courier_message', ONE, [id]) : [];
    if (!row) throw new MissingRow();
    const dispatches = await this.db.statement<DispatchRow>('get_courier_dispatches', DISPATCHES, [id]);
    return { ...this.#view(row), dispatches: dispatches.map((each) => dispatchView(row.id, each)) };
  }

  #view(row: Row): MessageView {
    const rendered = this.text.render(row, this.#secret(row));
    return {
      id: row.id,
      status: row.status,
      type: row.type,
      channel: row.channel,
      template: row.template_type,
      recipient: row.recipient,
      subject: rendered?.subject ?? '',
      body: rendered?.text ?? '',
      sendCount: row.send_count,
      createdAt: row.created_at,
      updatedAt: row.updated_at,
    };
  }

  /**
   * Shown only while the message is unsent, its secret works, and the configuration allows it; never to an
   * administrator who sent it blindly.
   */
  #secret(row: Row): string | undefined {
    const unsent = row.status === 'queued' || row.status === 'processing';
    const shown = unsent && row.live && row.data['blind'] !== true && this.regain.courier.show_unsent_secrets;
    return shown ? this.text.secretOf(row) : undefined;
  }
}

function dispatchView(messageId: string, row: DispatchRow): DispatchView {
  return {
    id: row.id,
    messageId,
    status: row.status,
    error: row.error ?? undefined,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
