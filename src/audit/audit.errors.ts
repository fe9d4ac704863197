import { BadRequest } from '../platform/errors/index.js';

/** An invalid filter. Names the parameter, never its value. */
export class AuditFilterInvalid extends BadRequest {
  constructor(
    readonly parameter: string,
    readonly rule: string,
  ) {
    super(`The query parameter "${parameter}" ${rule}.`);
  }
}
