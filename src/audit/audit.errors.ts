import { BadRequest } from '../platform/errors/index.js';

/** A page token that we did not make, or made for another question. */
export class PageTokenInvalid extends BadRequest {
  constructor() {
    super('The page_token is not valid for this request: use the link of the page before it, unchanged.');
  }
}

/** A filter that cannot be understood; names the parameter, never its value. */
export class AuditFilterInvalid extends BadRequest {
  constructor(
    readonly parameter: string,
    readonly rule: string,
  ) {
    super(`The query parameter "${parameter}" ${rule}.`);
  }
}
