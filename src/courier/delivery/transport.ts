import type { DispatchError } from '../hot/finish-message.js';

/** Injection token for the configured Transport. */
export const TRANSPORT = Symbol('TRANSPORT');

/** A message to be sent. */
export interface OutgoingMail {
  /** the row's id: the same in every attempt, so that duplicates can be recognized */
  readonly id: string;
  readonly recipient: string;
  readonly replyTo?: string | undefined;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** when it was created */
  readonly date: Date;
  readonly templateType: string;
  /** the template's data for programs, including the secret */
  readonly templateData: Readonly<Record<string, unknown>>;
}

/** The outcome of an attempt. */
export type Verdict =
  | { readonly kind: 'sent' }
  /** this message failed for good */
  | { readonly kind: 'refused'; readonly error: DispatchError }
  /** this message failed this time; it may have arrived nonetheless */
  | { readonly kind: 'failed'; readonly error: DispatchError }
  /** the server is unusable, which is not the message's fault */
  | { readonly kind: 'trouble'; readonly error: DispatchError };

export interface Transport {
  /**
   * Never rejects.
   * @param signal aborts the attempt
   * @param lastByte awaited before the server gets the last byte, if the transport can tell
   */
  send(mail: OutgoingMail, signal: AbortSignal, lastByte: () => Promise<void>): Promise<Verdict>;
  /** Closes connections and cuts off running attempts. */
  close(): void;
}
