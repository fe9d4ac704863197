/** Injection token of the list of everything that can be purged; `app.module` fills it. */
export const PURGEABLE = Symbol('PURGEABLE');

/**
 * Something that removes rows which nobody needs any more.
 * `purge` deletes at most `limit` rows (FOR UPDATE SKIP LOCKED: every node may run it at once) that ended more than
 * `keepSeconds` ago, and resolves to how many it deleted; fewer than `limit` means that nothing is left.
 */
export interface Purgeable {
  readonly name: string;
  purge(limit: number, keepSeconds: number): Promise<number>;
}

/** A module's service that offers purgeables, in the order in which they should run. */
export interface PurgeableSource {
  purgeables(): readonly Purgeable[];
}
