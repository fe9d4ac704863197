/**
 * Access: personal access tokens (PAT), which guard the admin API.
 *
 * Owns: the tokens, their scopes, the one global guard that decides whether a request reaches its handler.
 * Does not own: a route's audience and scope (its controller declares them), people's sessions.
 * May call: config, audit. Called only by app.module and cli.
 */
export { AccessModule } from './access.module.js';
export { AccessTokenService } from './access.service.js';
export { EnvironmentTokenInvalid } from './access.errors.js';
export { type AccessTokenView, type CreatedAccessToken, type NewAccessToken, type Revocation } from './access.view.js';
export { presentAccessToken, presentCreatedToken } from './access.presenter.js';
export { SCOPES } from '../platform/http/index.js';
