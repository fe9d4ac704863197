/**
 * Settings: what signed-in people change about themselves: traits, passwords, connected accounts.
 *
 * Owns: settings flows, their form, and what their owner must be to change something.
 * Does not own: identities, passwords and their policy (identity), sessions, recovery grants.
 *
 * Part of self-service, whose door exports it. Redeeming a link creates a settings flow through sql.ts.
 */
import type { Provider, Type } from '@nestjs/common';
import { Change } from './flow/change.js';
import { SettingsAccounts } from './settings.accounts.service.js';
import { SettingsAnswers } from './settings.answers.js';
import { SettingsPresenter } from './settings.presenter.js';
import { ChangePasswordController, SettingsPublicController } from './settings.public.controller.js';
import { SettingsPurge } from './settings.purge.js';
import { SettingsService } from './settings.service.js';
import { ConnectAccount } from './steps/connect-account.js';
import { DisconnectAccount } from './steps/disconnect-account.js';
import { FormIsOidc } from './flow/form-is-oidc.js';
import { ReadSettingsFlow } from './steps/read-flow.js';
import { RefuseSubmission } from './steps/refuse.js';
import { SetPassword } from './steps/set-password.js';
import { StartSettingsFlow } from './steps/start-flow.js';
import { UpdateProfile } from './steps/update-profile.js';

export { CREDENTIAL_CHANGED, type CredentialChangeListener } from './credential-changed.js';
export { type SettingsFlowBody } from './settings.dto.js';
export { type SettingsOutcome } from './settings.outcome.js';
export { SettingsSessionMissing } from './settings.errors.js';
export { SettingsService, SettingsPurge };

const steps = [
  StartSettingsFlow,
  ReadSettingsFlow,
  RefuseSubmission,
  SetPassword,
  UpdateProfile,
  ConnectAccount,
  DisconnectAccount,
  FormIsOidc,
];

export const settingsProviders: Provider[] = [
  SettingsService,
  SettingsPurge,
  SettingsPresenter,
  SettingsAnswers,
  SettingsAccounts,
  Change,
  ...steps,
];
export const settingsControllers: Type[] = [SettingsPublicController, ChangePasswordController];
