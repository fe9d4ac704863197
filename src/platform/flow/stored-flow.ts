/**
 * `api`: a native client that gets JSON and no cookies. `browser`: a browser or single-page app, bound to its CSRF
 * cookie.
 */
export type FlowType = 'browser' | 'api';

/** A message as stored in a flow's row. Its text is rendered from the id when the flow is shown. */
export interface StoredMessage {
  id: number;
  context?: Record<string, unknown>;
}

/** Messages for single form fields, by field name. */
export type NodeMessages = Record<string, StoredMessage[]>;
