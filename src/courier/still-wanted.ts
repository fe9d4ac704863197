/** Injection token for the service that knows whether a message is still worth sending; `app.module` wires it. */
export const MESSAGE_STILL_WANTED = Symbol('MESSAGE_STILL_WANTED');

export interface MessageStillWanted {
  /**
   * Those of the `about_id`s whose message would be useless: used, revoked, or of an identity that is gone or inactive.
   */
  unwanted(aboutIds: readonly string[]): Promise<ReadonlySet<string>>;
}
