import { BadRequest, Forbidden } from '../../platform/errors/index.js';

export class LogoutTokenMissing extends BadRequest {
  constructor() {
    super('Please include a token in the URL query.');
  }
}

export class LogoutTokenWrong extends Forbidden {
  constructor() {
    super('Unable to log out because the logout token in the URL query does not match the session cookie.');
  }
}

export class SessionTokenUnknown extends Forbidden {
  constructor() {
    super('The provided Ory Session Token could not be found, is invalid, or otherwise malformed.');
  }
}
