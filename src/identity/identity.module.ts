import { Inject, Module, type OnApplicationBootstrap } from '@nestjs/common';
import type { Logger } from 'pino';
import { AuditModule } from '../audit/index.js';
import { SelfServiceConfig } from '../config/index.js';
import { AddressChanges } from './addresses/address-changes.js';
import { AddressHistory } from './addresses/address-history.js';
import { WarnContained } from './containment/warn-contained.js';
import { IdentityPurge } from './identity.purge.js';
import { CourierModule } from '../courier/index.js';
import { IdentityBulk } from './bulk/identity-bulk.js';
import { ImportedPasswords } from './bulk/imported-passwords.js';
import { CredentialNews } from './credentials/credential-news.js';
import { Connections } from './credentials/connections.js';
import { HandOvers } from './credentials/hand-overs.js';
import { NewCredential } from './credentials/new-credential.js';
import { RemoveReset } from './credentials/remove-reset.js';
import { SuspendedWays } from './credentials/suspended-ways.js';
import { SuspendOlder } from './credentials/suspend-older.js';
import { Credentials } from './credentials/credentials.js';
import { FindPassword } from './hot/find-password.js';
import { TellOwner } from './owner/tell-owner.js';
import { IdentityAdminController } from './identity.admin.controller.js';
import { IdentityChangesAdminController } from './identity-changes.admin.controller.js';
import { IdentityService } from './identity.service.js';
import { LOGGER } from '../platform/http/index.js';
import { PageTokens } from '../platform/paging/index.js';
import { IdentityPageTokens } from './persistence/page-token.js';
import { Breaches } from './passwords/breaches.js';
import { HashKinds } from './passwords/hash-kinds.js';
import { PasswordPolicy } from './passwords/password-policy.js';
import { Passwords } from './passwords/passwords.js';
import { VerificationFloor } from './passwords/verification-floor.js';
import { IdentityReader } from './persistence/identity.reader.js';
import { SchemaRegistry } from './schema/schema-registry.js';
import { SuspendedAdminController } from './suspended.admin.controller.js';
import { SchemasOpenController } from './schemas.open.controller.js';
import { CreateIdentity } from './steps/create-identity.js';
import { DeleteCredential } from './steps/delete-credential.js';
import { UndoAddressChange } from './steps/undo-address-change.js';
import { KeepSuspended } from './steps/keep-suspended.js';
import { SuspendedRemoval } from './suspended.removal.service.js';
import { UpdateIdentity } from './steps/update-identity.js';
import { UpdateTraits } from './steps/update-traits.js';

@Module({
  imports: [AuditModule, CourierModule],
  controllers: [
    IdentityAdminController,
    IdentityChangesAdminController,
    SuspendedAdminController,
    SchemasOpenController,
  ],
  providers: [
    IdentityService,
    IdentityReader,
    PageTokens,
    IdentityPageTokens,
    SchemaRegistry,
    CreateIdentity,
    UpdateTraits,
    UpdateIdentity,
    DeleteCredential,
    Credentials,
    Connections,
    NewCredential,
    SuspendOlder,
    RemoveReset,
    SuspendedWays,
    KeepSuspended,
    SuspendedRemoval,
    HandOvers,
    CredentialNews,
    FindPassword,
    TellOwner,
    AddressHistory,
    AddressChanges,
    UndoAddressChange,
    IdentityPurge,
    WarnContained,
    Passwords,
    HashKinds,
    VerificationFloor,
    PasswordPolicy,
    Breaches,
    IdentityBulk,
    ImportedPasswords,
  ],
  exports: [
    IdentityService,
    Credentials,
    Connections,
    NewCredential,
    HandOvers,
    SuspendedWays,
    KeepSuspended,
    SuspendedRemoval,
    TellOwner,
    IdentityPurge,
    WarnContained,
    Passwords,
    VerificationFloor,
    PasswordPolicy,
    IdentityBulk,
    ImportedPasswords,
  ],
})
export class IdentityModule implements OnApplicationBootstrap {
  constructor(
    private readonly schemas: SchemaRegistry,
    private readonly selfservice: SelfServiceConfig,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    const passwords = this.selfservice.methods.password.enabled;
    for (const warning of this.schemas.warnings({ passwords })) this.logger.warn(warning);
  }
}
