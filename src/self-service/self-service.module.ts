import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/index.js';
import { CourierModule } from '../courier/index.js';
import { IdentityModule } from '../identity/index.js';
import { ERROR_KEEPER } from '../platform/http/index.js';
import { SessionModule } from '../session/index.js';
import { ErrorsPublicController } from './errors/errors.public.controller.js';
import { ErrorsPurge } from './errors/errors.purge.js';
import { ErrorsService } from './errors/errors.service.js';
import { loginControllers, loginProviders, LoginPurge, LoginService } from './login/index.js';
import { LogoutPublicController } from './logout/logout.public.controller.js';
import { LogoutService } from './logout/logout.service.js';
import { ReturnToService } from './return-to.service.js';
import {
  CancelHandOver,
  settingsControllers,
  settingsProviders,
  SettingsPurge,
  SettingsService,
  TellUnfinished,
} from './settings/index.js';
import { socialControllers, SocialProviders, socialProviders, SocialPurge, TokenSeal } from './social/index.js';

const errors = [ErrorsService, ErrorsPurge, { provide: ERROR_KEEPER, useExisting: ErrorsService }];

@Module({
  imports: [AuditModule, CourierModule, IdentityModule, SessionModule],
  controllers: [
    ErrorsPublicController,
    ...loginControllers,
    LogoutPublicController,
    ...settingsControllers,
    ...socialControllers,
  ],
  providers: [ReturnToService, LogoutService, ...errors, ...loginProviders, ...settingsProviders, ...socialProviders],
  exports: [
    CancelHandOver,
    ERROR_KEEPER,
    ErrorsService,
    ErrorsPurge,
    LoginService,
    LoginPurge,
    LogoutService,
    SettingsService,
    SettingsPurge,
    SocialProviders,
    SocialPurge,
    TellUnfinished,
    TokenSeal,
    ReturnToService,
  ],
})
export class SelfServiceModule {}
