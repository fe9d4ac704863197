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

  /** False where none is open. @throws ScopeMissing, MissingRow */
  async cancel(identityId: string): Promise<boolean> {
    this.#mayEnd();
    return this.cancelHandOver.run(identityId);
  }

  /** False where it is not contained. @throws ScopeMissing, MissingRow */
  async lift(identityId: string): Promise<boolean> {
    this.#mayEnd();
    return this.liftContainment.run(identityId);
  }

  #mayEnd(): void {
    if (!this.current.may('session:write')) throw new ScopeMissing('session:write');
  }
}
