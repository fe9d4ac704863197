import { Injectable } from '@nestjs/common';
import { CurrentRequest } from '../platform/http/index.js';
import { CancelHandOver } from '../self-service/index.js';
import { ScopeMissing } from './recovery.errors.js';
import { LiftContainment } from './steps/lift-containment.js';

/** What administrators end: an open hand-over, a containment. */
@Injectable()
export class RecoveryStandings {
  constructor(
    private readonly cancelHandOver: CancelHandOver,
    private readonly liftContainment: LiftContainment,
    private readonly current: CurrentRequest,
  ) {}

  /** @throws ScopeMissing, MissingRow */
  async cancel(identityId: string): Promise<void> {
    this.#mayEnd();
    await this.cancelHandOver.run(identityId);
  }

  /** @throws ScopeMissing, MissingRow */
  async lift(identityId: string): Promise<void> {
    this.#mayEnd();
    await this.liftContainment.run(identityId);
  }

  #mayEnd(): void {
    if (!this.current.may('session:write')) throw new ScopeMissing('session:write');
  }
}
