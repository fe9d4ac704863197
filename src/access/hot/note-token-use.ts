import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock/index.js';
import { Database } from '../../platform/database/index.js';

/** Index: access_token_pkey. The condition limits all nodes together to one write per minute. */
const NOTE = `
  UPDATE access_token SET last_used_at = clock_timestamp()
  WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < clock_timestamp() - interval '1 minute')`;

const MINUTE = 60_000;
/** Most tokens to remember at once. Forgetting one costs a statement that changes nothing. */
const MOST_REMEMBERED = 10_000;

/**
 * HOT: called, but not awaited, by every request to the admin API.
 * Invariant: at most one write per token and minute. A failed write is dropped, because it must not fail the request.
 */
@Injectable()
export class NoteTokenUse implements BeforeApplicationShutdown {
  readonly #notedAt = new Map<string, number>();
  readonly #writes = new Set<Promise<void>>();

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  run(tokenId: string): void {
    const now = this.clock.monotonic();
    const noted = this.#notedAt.get(tokenId);
    if (noted !== undefined && now - noted < MINUTE) return;
    if (this.#notedAt.size >= MOST_REMEMBERED) this.#notedAt.clear();
    this.#notedAt.set(tokenId, now);
    const write = this.db.statement('access_token_note_use', NOTE, [tokenId]).then(nothing, nothing);
    this.#writes.add(write);
    void write.finally(() => this.#writes.delete(write));
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.#writes);
  }
}

const nothing = (): void => undefined;
