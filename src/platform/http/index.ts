/**
 * HTTP: two listeners in one application, audiences, bodies, answers, cookies, CSRF, errors.
 *
 * Owns: which listener a route answers on, decoding after the guard, the request's context, the one error filter.
 * Does not own: routes (each module's controllers), who may call them (access).
 */
export {
  AdminController,
  guardedController,
  PublicController,
  OpenController,
  Audience,
  Scope,
  AUDIENCE,
  audienceOf,
  SCOPE,
  type AudienceName,
} from './audience.js';
export { ScopeNames, SCOPES } from './scopes.js';
export { ADMIN_CHALLENGE, InsufficientScope } from './insufficient-scope.js';
export { Answer } from './answer.js';
export {
  JsonBody,
  KnownBody,
  type Given,
  FormBody,
  AnyFormBody,
  UnreadableForm,
  doublesOf,
  formText,
  parseJson,
  TOO_WIDE,
  tooWide,
  type FormFields,
} from './body.js';
export { type FieldRule, knownFields, warningsFor } from './known-fields.js';
export { ListFilters } from './list-filters.js';
export { IdParam, readUuid, StrictIdParam } from './id-param.js';
export { warned, WarningsProperty } from './warnings.js';
export { Query, QueryFlag, queryText, queryAll, queryValues } from './query.js';
export { CurrentRequest, type Actor, type RequestContext } from './request-context.js';
export { type Caller, callerOf } from './caller.js';
export { CSRF, Csrf, CsrfViolation } from './csrf.js';
export { expiredCookie, hostName, readCookie, serializeCookie, type CookieOptions } from './cookies.js';
export { DEVICE_COOKIE, type Device, DeviceCookie } from './device-cookie.js';
export { isPublic } from './prefixes.js';
export { ERROR_KEEPER, type ErrorKeeper, REFUSAL_PAGE, type RefusalPage } from './error-page.js';
export { FromAnywhere, OriginCheckedByFlow } from './form-origin.guard.js';
export { wantsJson } from './negotiation.js';
export { HTTP_OPTIONS, HttpModule, type HttpOptions } from './http.module.js';
export { CertificateRenewal } from './certificate-renewal.js';
export { createAdapter, TwoListeners } from './listeners.js';
export { allowOrigins } from './cors.js';
export { ErrorFilter } from './error.filter.js';
export { refusalOf } from './refused.js';
export { isSafeRead } from './safe-read.js';
export { refuseAmbiguousRequests } from './protocol-rules.js';
export { addRequestHooks } from './request-hooks.js';
export { LOGGER } from './http.options.js';
export { RouteTable, type RegisteredRoute } from './route-table.js';
export { misdeclared, openToAnyToken, routesOf } from './declarations.js';
