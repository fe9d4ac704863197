import { setImmediate } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { nameOf } from '../platform/errors/index.js';
import { PURGEABLE, type Purgeable } from '../platform/database/index.js';
import { LOGGER } from '../platform/http/index.js';

/** Rows per batch: keeps locks and transactions short. */
const BITE = 500;
/** Batches of one kind per run, so that one flooded table does not hold up the others forever. */
const MOST_BITES = 400;

export interface PurgeReport {
  name: string;
  removed: number;
  /** SQLSTATE or error name, if this kind had to stop; the rest waits for the next run */
  failed?: string;
}

/** Removes what ended more than `keepSeconds` ago. Every node may run it at once. */
@Injectable()
export class PurgeService {
  #running = false;

  constructor(
    @Inject(PURGEABLE) private readonly purgeables: readonly Purgeable[],
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Never rejects. A failure to remove something is logged and reported, and does not stop the rest. */
  async run(keepSeconds: number): Promise<PurgeReport[]> {
    const reports: PurgeReport[] = [];
    for (const purgeable of this.purgeables) reports.push(await this.#all(purgeable, keepSeconds));
    return reports;
  }

  /** The scheduled run; skipped while the previous one is still running. */
  async tick(keepSeconds: number): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    try {
      const removed = (await this.run(keepSeconds)).filter((report) => report.removed > 0);
      if (removed.length > 0) this.logger.info({ removed }, 'purged');
    } finally {
      this.#running = false;
    }
  }

  async #all(purgeable: Purgeable, keepSeconds: number): Promise<PurgeReport> {
    const report: PurgeReport = { name: purgeable.name, removed: 0 };
    try {
      for (let bite = 0; bite < MOST_BITES; bite++) {
        const count = await purgeable.purge(BITE, keepSeconds);
        report.removed += count;
        if (count < BITE) break;
        await setImmediate();
      }
    } catch (error) {
      report.failed = nameOf(error);
      this.logger.error({ purgeable: report.name, removed: report.removed, code: report.failed }, 'purge failed');
    }
    return report;
  }
}
