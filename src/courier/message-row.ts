import type { MessageStatus } from './message.view.js';

/** `courier_message` as statements return it. `data` contains no secret. */
export interface MessageRow {
  id: string;
  status: MessageStatus;
  type: string;
  channel: string;
  template_type: string;
  recipient: string;
  data: Readonly<Record<string, unknown>>;
  secret: Buffer | null;
  key_id: string | null;
  about_id: string | null;
  send_count: number;
  trouble_count: number;
  created_at: Date;
  updated_at: Date;
}
