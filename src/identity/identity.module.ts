import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/index.js';
import { Credentials } from './credentials.js';
import { FindPassword } from './hot/find-password.js';
import { IdentityAdminController } from './identity.admin.controller.js';
import { IdentityChangesAdminController } from './identity-changes.admin.controller.js';
import { IdentityService } from './identity.service.js';
import { PageTokens } from '../platform/paging/index.js';
import { IdentityPageTokens } from './page-token.js';
import { Breaches } from './passwords/breaches.js';
import { PasswordPolicy } from './passwords/password-policy.js';
import { Passwords } from './passwords/passwords.js';
import { IdentityReader } from './persistence/identity.reader.js';
import { SchemaRegistry } from './schema/schema-registry.js';
import { SchemasOpenController } from './schemas.open.controller.js';
import { CreateIdentity } from './steps/create-identity.js';
import { DeleteCredential } from './steps/delete-credential.js';
import { UpdateIdentity } from './steps/update-identity.js';
import { UpdateTraits } from './steps/update-traits.js';

@Module({
  imports: [AuditModule],
  controllers: [IdentityAdminController, IdentityChangesAdminController, SchemasOpenController],
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
    FindPassword,
    Passwords,
    PasswordPolicy,
    Breaches,
  ],
  exports: [IdentityService, Credentials, Passwords, PasswordPolicy],
})
export class IdentityModule {}
