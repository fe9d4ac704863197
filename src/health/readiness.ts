import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/index.js';
import { Unavailable } from '../platform/errors/index.js';

/** Whether requests should be sent here. */
@Injectable()
export class Readiness {
  #draining = false;

  constructor(private readonly db: Database) {}

  /** From now on not ready: the first step of stopping. */
  drain(): void {
    this.#draining = true;
  }

  /** @throws Unavailable while stopping, or when the database does not answer */
  async check(): Promise<void> {
    if (this.#draining) throw new Unavailable('The server is stopping.');
    await this.db.ping();
  }
}
