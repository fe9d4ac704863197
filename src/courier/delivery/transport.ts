import type { DispatchError } from '../hot/finish-message.js';

/** Injection token of the Transport that the configuration asks for. */
export const TRANSPORT = Symbol('TRANSPORT');

/** A message on its way out. */
export interface OutgoingMail {
  /** of the row: the same at every try, so that a duplicate can be told */
  readonly id: string;
  readonly recipient: string;
  readonly replyTo?: string | undefined;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** when it was written */
  readonly date: Date;
  readonly templateType: string;
  /** what a program needs of it, the secret included */
  readonly templateData: Readonly<Record<string, unknown>>;
}

/** What became of a try. */
export type Verdict =
  | { readonly kind: 'sent' }
  /** this message, for good */
  | { readonly kind: 'refused'; readonly error: DispatchError }
  /** this message, this time; perhaps it did arrive */
  | { readonly kind: 'failed'; readonly error: DispatchError }
  /** the server cannot be talked to: no message's fault */
  | { readonly kind: 'trouble'; readonly error: DispatchError };

export interface Transport {
  /** Never rejects. @param signal ends the try @param lastByte awaited before the server gets it, where that can be told */
  send(mail: OutgoingMail, signal: AbortSignal, lastByte: () => Promise<void>): Promise<Verdict>;
  /** Lets go of connections; what is under way is cut. */
  close(): void;
}
