import { Module } from '@nestjs/common';
import { REFUSAL_PAGE } from '../platform/http/index.js';
import { IdentityModule } from '../identity/index.js';
import { RecoveryModule } from '../recovery/index.js';
import { SelfServiceModule } from '../self-service/index.js';
import { SessionModule } from '../session/index.js';
import { PageAnswers } from './page-answers.js';
import { PagesFilter } from './pages.filter.js';
import { PagesGuard } from './pages.guard.js';
import { PagesPublicController } from './pages.public.controller.js';
import { PagesService } from './pages.service.js';
import { TooManyTriesPage } from './too-many-tries.js';

@Module({
  imports: [IdentityModule, RecoveryModule, SelfServiceModule, SessionModule],
  controllers: [PagesPublicController],
  providers: [
    PagesService,
    PageAnswers,
    PagesFilter,
    PagesGuard,
    { provide: REFUSAL_PAGE, useClass: TooManyTriesPage },
  ],
  exports: [REFUSAL_PAGE],
})
export class PagesModule {}
