import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/index.js';
import { IdentityModule } from '../identity/index.js';
import { SessionModule } from '../session/index.js';
import { Converter } from './conversion/converter.js';
import { KratosImportService } from './kratos-import.service.js';
import { ImportRuns } from './persistence/import-run.js';
import { RunEvents } from './persistence/run-events.js';
import { FindCollisions } from './steps/find-collisions.js';
import { MakePlan } from './steps/make-plan.js';
import { VerifyImport } from './steps/verify-import.js';
import { WriteIdentities } from './steps/write-identities.js';

@Module({
  imports: [AuditModule, IdentityModule, SessionModule],
  providers: [
    KratosImportService,
    Converter,
    ImportRuns,
    RunEvents,
    FindCollisions,
    MakePlan,
    WriteIdentities,
    VerifyImport,
  ],
  exports: [KratosImportService],
})
export class KratosImportModule {}
