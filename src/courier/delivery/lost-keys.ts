import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { Database } from '../../platform/database/index.js';
import { nameOf } from '../../platform/errors/index.js';
import { LOGGER } from '../../platform/http/index.js';
import { MessageText } from '../message-text.js';

/** $1: ids of the keys that can decrypt. Index: courier_message_expiring. */
const LOST = `
  SELECT count(*)::integer AS messages, array_agg(DISTINCT key_id) AS key_ids FROM courier_message
  WHERE secret IS NOT NULL AND status IN ('queued', 'processing') AND expires_at > clock_timestamp()
    AND key_id <> ALL ($1::text[])`;

/** Warns at start about waiting messages that this process cannot decrypt, because a secret was removed too early. */
@Injectable()
export class LostKeys {
  constructor(
    private readonly db: Database,
    private readonly text: MessageText,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Never rejects. */
  async warn(): Promise<void> {
    try {
      const [lost] = await this.db.statement<{ messages: number; key_ids: string[] }>('lost_courier_keys', LOST, [
        this.text.keyIds,
      ]);
      if (lost && lost.messages > 0)
        this.logger.warn(
          { ...lost },
          'messages cannot be sent: the secret that encrypted them is gone. Put it back as the last entry of secrets.cipher',
        );
    } catch (error) {
      this.logger.warn({ error: nameOf(error) }, 'could not check unsent messages');
    }
  }
}
