import type { DispatchResponse, MessageResponse } from './courier.dto.js';
import type { DispatchView, MessageView } from './message.view.js';
import { isTemplateType, wireTemplate } from './templates/index.js';

/** Fields are listed, never spread, so that encrypted ones stay private. */
export function presentMessage(message: MessageView): MessageResponse {
  return {
    id: message.id,
    status: message.status,
    type: message.type,
    channel: message.channel,
    recipient: message.recipient,
    subject: message.subject,
    body: message.body,
    ...(isTemplateType(message.template) ? wireTemplate(message.template) : { template_type: 'stub' }),
    send_count: message.sendCount,
    ...(message.dispatches?.length ? { dispatches: message.dispatches.map(presentDispatch) } : {}),
    created_at: message.createdAt.toISOString(),
    updated_at: message.updatedAt.toISOString(),
  };
}

function presentDispatch(dispatch: DispatchView): DispatchResponse {
  return {
    id: dispatch.id,
    message_id: dispatch.messageId,
    status: dispatch.status,
    ...(dispatch.error === undefined ? {} : { error: dispatch.error }),
    created_at: dispatch.createdAt.toISOString(),
    updated_at: dispatch.updatedAt.toISOString(),
  };
}
