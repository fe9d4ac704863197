import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/index.js';
import { Unavailable } from '../platform/errors/index.js';

/** Tells whether this process should get requests. */
@Injectable()
export class Readiness {
  #draining = false;

  constructor(private readonly db: Database) {}

  /** Stops being ready: the first step of a shutdown. */
  drain(): void {
    this.#draining = true;
  }

  /** @throws Unavailable during shutdown, or when the database does not answer */
  async check(): Promise<void> {
    if (this.#draining) throw new Unavailable('The server is stopping.');
    await this.db.ping();
  }
}
