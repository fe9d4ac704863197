/**
 * Access: personal access tokens (PAT), which guard the admin API.
 *
 * Owns: the tokens, their scopes, the one global guard that lets a request pass to its handler or not.
 * Does not own: which audience and scope a route has (its controller says so), people's sessions.
 * May call: config, audit. Nobody calls it but app.module and cli.
 */
export { AccessModule } from './access.module.js';
export { AccessTokenService } from './access.service.js';
export { EnvironmentTokenInvalid } from './access.errors.js';
export { type AccessTokenView, type CreatedAccessToken, type NewAccessToken, type Revocation } from './access.view.js';
export { presentAccessToken, presentCreatedToken } from './access.presenter.js';
export { SCOPES } from '../platform/http/index.js';
