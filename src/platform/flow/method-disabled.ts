import { NotFound } from '../errors/index.js';

/** `selfservice.flows.<flow>.enabled` or `selfservice.methods.<method>.enabled` is false. */
export class MethodDisabled extends NotFound {
  constructor() {
    super(
      'This endpoint was disabled by system administrator. Please check your url or contact the system administrator to enable it.',
    );
  }
}
