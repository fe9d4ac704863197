import { setImmediate } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { PURGEABLE, type Purgeable } from '../platform/database/index.js';
import { LOGGER } from '../platform/http/index.js';

/** Rows a bite: short locks, short transactions. */
const BITE = 500;
/** Bites of one kind in a run: one flooded table never keeps the others waiting for ever. */
const MOST_BITES = 400;

export interface PurgeReport {
  name: string;
  removed: number;
}

/** Removes what ended more than `keepSeconds` ago. Every node may run it at once. */
@Injectable()
export class PurgeService {
  #running = false;

  constructor(
    @Inject(PURGEABLE) private readonly purgeables: readonly Purgeable[],
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async run(keepSeconds: number): Promise<PurgeReport[]> {
    const reports: PurgeReport[] = [];
    for (const purgeable of this.purgeables)
      reports.push({ name: purgeable.name, removed: await this.#all(purgeable, keepSeconds) });
    return reports;
  }

  /** The scheduled run: skipped while the last one is still at it; trouble is logged and left for the next one. */
  async tick(keepSeconds: number): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    try {
      const removed = (await this.run(keepSeconds)).filter((report) => report.removed > 0);
      if (removed.length > 0) this.logger.info({ removed }, 'purged');
    } catch (error) {
      this.logger.error({ error: error instanceof Error ? error.name : 'unknown' }, 'purge failed');
    } finally {
      this.#running = false;
    }
  }

  async #all(purgeable: Purgeable, keepSeconds: number): Promise<number> {
    let removed = 0;
    for (let bite = 0; bite < MOST_BITES; bite++) {
      const count = await purgeable.purge(BITE, keepSeconds);
      removed += count;
      if (count < BITE) break;
      await setImmediate();
    }
    return removed;
  }
}
