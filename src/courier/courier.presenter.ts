import type { MessageResponse } from './courier.dto.js';
import type { MessageView } from './message.view.js';

/** Listed, never spread: what is encrypted stays private. */
export function presentMessage(message: MessageView): MessageResponse {
  return {
    id: message.id,
    status: message.status,
    type: message.type,
    channel: message.channel,
    recipient: message.recipient,
    subject: message.subject,
    body: message.body,
    template_type: message.templateType,
    send_count: message.sendCount,
    created_at: message.createdAt.toISOString(),
    updated_at: message.updatedAt.toISOString(),
  };
}
