/** Injection token of whoever knows whether a message is still worth sending; `app.module` wires it. */
export const MESSAGE_STILL_WANTED = Symbol('MESSAGE_STILL_WANTED');

export interface MessageStillWanted {
  /** Of these (`about_id`), the ones that mail cannot help any more: used, withdrawn, of an identity that is gone or inactive. */
  unwanted(aboutIds: readonly string[]): Promise<ReadonlySet<string>>;
}
