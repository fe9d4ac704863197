import { NotFound } from '../errors/index.js';

/** `selfservice.flows.<flow>.enabled` or `selfservice.methods.<method>.enabled` is false. */
export class MethodDisabled extends NotFound {
  /** @param keys of the configuration that are false, for whoever may change them */
  constructor(keys: readonly string[] = []) {
    super(
      'This endpoint was disabled by system administrator. Please check your url or contact the system administrator to enable it.' +
        keys.map((key) => ` ${key} is false.`).join(''),
    );
  }
}
