/** `api`: a native client, answered in JSON, no cookies. `browser`: a browser or a single page app, bound to its CSRF cookie. */
export type FlowType = 'browser' | 'api';

/** A message as a flow row keeps it: the text is made from the id when the flow is shown. */
export interface StoredMessage {
  id: number;
  context?: Record<string, unknown>;
}

/** Messages of single form fields, by the field's name. */
export type NodeMessages = Record<string, StoredMessage[]>;
