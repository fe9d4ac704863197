/** Statuses that clients can filter by. `suppressed` rows only keep the work equal and are never shown. */
export const MESSAGE_STATUSES = ['queued', 'sent', 'processing', 'abandoned'] as const;
export type MessageStatus = (typeof MESSAGE_STATUSES)[number];

/** A message as administrators see it. */
export interface MessageView {
  readonly id: string;
  readonly status: MessageStatus;
  readonly type: string;
  readonly channel: string;
  /** Regain's name for it */
  readonly template: string;
  readonly recipient: string;
  readonly subject: string;
  readonly body: string;
  readonly sendCount: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** delivery attempts in order; only for a single message */
  readonly dispatches?: readonly DispatchView[];
}

/** One delivery attempt, or several with the same outcome. */
export interface DispatchView {
  readonly id: string;
  readonly messageId: string;
  readonly status: 'success' | 'failed';
  readonly error: { readonly message: string; readonly code?: number } | undefined;
  readonly createdAt: Date;
  /** time of the last one */
  readonly updatedAt: Date;
}

export interface MessageQuery {
  readonly pageSize: number;
  readonly pageToken?: string | undefined;
  readonly status?: MessageStatus | undefined;
  /** compared exactly */
  readonly recipient?: string | undefined;
}

export interface MessagePage {
  readonly messages: readonly MessageView[];
  readonly firstPageToken: string;
  /** absent on the last page */
  readonly nextPageToken: string | undefined;
}
