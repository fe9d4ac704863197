import { BadRequest } from '../platform/errors/index.js';

export class MessageStatusUnknown extends BadRequest {
  constructor() {
    super('Message status is not valid');
  }
}

export class PageSizeRefused extends BadRequest {
  constructor() {
    super('The parameter `page_size` must be a whole number of at least 1.');
  }
}

export class PageTokenRefused extends BadRequest {
  constructor() {
    super('The page token is invalid, do not craft your own page tokens');
  }
}
