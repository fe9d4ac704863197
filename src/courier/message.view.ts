/** What clients can ask for; `suppressed` rows exist for the sake of equal work and are never shown. */
export const MESSAGE_STATUSES = ['queued', 'sent', 'processing', 'abandoned'] as const;
export type MessageStatus = (typeof MESSAGE_STATUSES)[number];

/** A message as administrators see it. */
export interface MessageView {
  readonly id: string;
  readonly status: MessageStatus;
  readonly type: string;
  readonly channel: string;
  /** our own name of it */
  readonly template: string;
  readonly recipient: string;
  readonly subject: string;
  readonly body: string;
  readonly sendCount: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** what was tried, in order; only where one message is asked for */
  readonly dispatches?: readonly DispatchView[];
}

/** One try to hand a message over, or several that ended alike. */
export interface DispatchView {
  readonly id: string;
  readonly messageId: string;
  readonly status: 'success' | 'failed';
  readonly error: { readonly message: string; readonly code?: number } | undefined;
  readonly createdAt: Date;
  /** of the last one */
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
