import { Injectable } from '@nestjs/common';
import { CurrentRequest, InsufficientScope } from '../platform/http/index.js';
import { CancelHandOver } from '../self-service/index.js';
import { LiftContainment } from './steps/lift-containment.js';

/** Lets administrators end an open hand-over or a containment. */
@Injectable()
export class RecoveryStandings {
  constructor(
    private readonly cancelHandOver: CancelHandOver,
    private readonly liftContainment: LiftContainment,
    private readonly current: CurrentRequest,
  ) {}

  /**
   * False if no hand-over is open.
   * @throws InsufficientScope, MissingRow
   */
  async cancel(identityId: string): Promise<boolean> {
    this.#mayEnd();
    return this.cancelHandOver.run(identityId);
  }

  /**
   * False if the identity is not contained.
   * @throws InsufficientScope, MissingRow
   */
  async lift(identityId: string): Promise<boolean> {
    this.#mayEnd();
    return this.liftContainment.run(identityId);
  }

  #mayEnd(): void {
    if (!this.current.may('session:write')) throw new InsufficientScope(['session:write']);
  }
}
