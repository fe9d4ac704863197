import { setImmediate } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { PURGEABLE, type Purgeable } from '../platform/database/index.js';
import { LOGGER } from '../platform/http/index.js';
import { codeOf } from './code-of.js';

/** Rows a bite: short locks, short transactions. */
const BITE = 500;
/** Bites of one kind in a run: one flooded table never keeps the others waiting for ever. */
const MOST_BITES = 400;

export interface PurgeReport {
  name: string;
  removed: number;
  /** SQLSTATE, or the error's name: it could not go on; the rest is left for the next run */
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

  /** Never rejects: what cannot be removed is logged and reported, and keeps nothing else from being removed. */
  async run(keepSeconds: number): Promise<PurgeReport[]> {
    const reports: PurgeReport[] = [];
    for (const purgeable of this.purgeables) reports.push(await this.#all(purgeable, keepSeconds));
    return reports;
  }

  /** The scheduled run: skipped while the last one is still at it. */
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
      report.failed = codeOf(error);
      this.logger.error({ purgeable: report.name, removed: report.removed, code: report.failed }, 'purge failed');
    }
    return report;
  }
}
