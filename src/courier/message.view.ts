/** What clients can ask for; `suppressed` rows exist for the sake of equal work and are never shown. */
export const MESSAGE_STATUSES = ['queued', 'sent', 'processing', 'abandoned'] as const;
export type MessageStatus = (typeof MESSAGE_STATUSES)[number];

/** A message as administrators see it. */
export interface MessageView {
  readonly id: string;
  readonly status: MessageStatus;
  readonly type: string;
  readonly channel: string;
  readonly templateType: string;
  readonly recipient: string;
  readonly subject: string;
  readonly body: string;
  readonly sendCount: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface MessageQuery {
  readonly pageSize: number;
  readonly pageToken?: string | undefined;
  readonly status?: MessageStatus | undefined;
  /** exactly as stored */
  readonly recipient?: string | undefined;
}

export interface MessagePage {
  readonly messages: readonly MessageView[];
  readonly firstPageToken: string;
  /** absent on the last page */
  readonly nextPageToken: string | undefined;
}
