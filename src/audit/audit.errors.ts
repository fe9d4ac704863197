import { BadRequest } from '../platform/errors/index.js';

/** A filter that cannot be understood; names the parameter, never its value. */
export class AuditFilterInvalid extends BadRequest {
  constructor(
    readonly parameter: string,
    readonly rule: string,
  ) {
    super(`The query parameter "${parameter}" ${rule}.`);
  }
}
