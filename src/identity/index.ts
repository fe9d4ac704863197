/**
 * Identity: a person's account. Its traits (which follow a schema), state, addresses and credentials.
 *
 * Owns: identities, their identifiers and addresses, identity schemas, the rule that decides when two identifiers are
 * equal.
 * Does not own: sessions, recovery grants, the forms that change an identity (self-service).
 * May call: config, audit, courier.
 * Credentials and passwords are exported by privileged.ts.
 */
export { IdentityModule } from './identity.module.js';
export { IdentityPurge } from './identity.purge.js';
export { WarnContained } from './containment/warn-contained.js';
export { IdentityService } from './identity.service.js';
export { type IdentityView } from './identity.view.js';
export { identityFromJson } from './persistence/identity-json.js';
export { administrator, type Audience, presentIdentity } from './identity.presenter.js';
export { IdentityResponse } from './identity.dto.js';
export { IdentityRefused, IdentityTaken, PrivilegedFieldChanged, TraitsInvalid } from './identity.errors.js';
export { type NewIdentity, readNewIdentity } from './requests/new-identity.js';
export { SchemaRegistry } from './schema/schema-registry.js';
export {
  CREDENTIAL_LISTENERS,
  type CredentialListener,
  type CredentialSet,
} from './credentials/credential-listener.js';
export { type ShownField } from './schema/shown-fields.js';
export { normalizeIdentifier } from './identifiers/normalize.js';
