import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/index.js';
import { IdentityModule } from '../identity/index.js';
import { ERROR_KEEPER } from '../platform/http/index.js';
import { SessionModule } from '../session/index.js';
import { ErrorsPublicController } from './errors/errors.public.controller.js';
import { ErrorsPurge } from './errors/errors.purge.js';
import { ErrorsService } from './errors/errors.service.js';
import { CompleteLogin } from './login/hot/complete-login.js';
import { LoginAnswers } from './login/login.answers.js';
import { LoginPresenter } from './login/login.presenter.js';
import { LoginPublicController } from './login/login.public.controller.js';
import { LoginPurge } from './login/login.purge.js';
import { LoginService } from './login/login.service.js';
import { LoginFlows } from './login/persistence/login-flows.js';
import { CheckAccount } from './login/steps/check-account.js';
import { CheckPassword } from './login/steps/check-password.js';
import { RehashPassword } from './login/steps/rehash-password.js';
import { ReplaceLogin } from './login/steps/replace-login.js';
import { StartLogin } from './login/steps/start-login.js';
import { LogoutPublicController } from './logout/logout.public.controller.js';
import { LogoutService } from './logout/logout.service.js';
import { ReturnToService } from './return-to.service.js';
import { settingsControllers, settingsProviders, SettingsPurge, SettingsService } from './settings/index.js';
import { socialControllers, SocialProviders, socialProviders, SocialPurge, TokenSeal } from './social/index.js';

const errors = [ErrorsService, ErrorsPurge, { provide: ERROR_KEEPER, useExisting: ErrorsService }];
const login = [LoginService, LoginPurge, LoginPresenter, LoginAnswers, LoginFlows];
const loginSteps = [StartLogin, CheckPassword, CheckAccount, CompleteLogin, RehashPassword, ReplaceLogin];

@Module({
  imports: [AuditModule, IdentityModule, SessionModule],
  controllers: [
    ErrorsPublicController,
    LoginPublicController,
    LogoutPublicController,
    ...settingsControllers,
    ...socialControllers,
  ],
  providers: [
    ReturnToService,
    LogoutService,
    ...errors,
    ...login,
    ...loginSteps,
    ...settingsProviders,
    ...socialProviders,
  ],
  exports: [
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
    TokenSeal,
    ReturnToService,
  ],
})
export class SelfServiceModule {}
