import { NotFound } from '../errors/index.js';

/** Thrown when `selfservice.flows.<flow>.enabled` or `selfservice.methods.<method>.enabled` is false. */
export class MethodDisabled extends NotFound {
  /** @param keys the configuration keys that are false, to tell an operator what to change */
  constructor(keys: readonly string[] = []) {
    super(
      'This endpoint was disabled by system administrator. Please check your url or contact the system administrator to enable it.' +
        keys.map((key) => ` ${key} is false.`).join(''),
    );
  }
}
