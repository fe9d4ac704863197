/**
 * Settings: what signed-in people change about themselves: traits, passwords, connected accounts.
 *
 * Owns: settings flows, their form, and the rules for changing something.
 * Does not own: identities, passwords and their policy (identity), sessions, recovery grants.
 *
 * Part of self-service, which exports it. Redeeming a link creates a settings flow through sql.ts.
 */
import type { Provider, Type } from '@nestjs/common';
import { ChangeByOwner } from './flow/change-by-owner.js';
import { MarkOidc } from './flow/mark-oidc.js';
import { Continuation } from './hot/continuation.js';
import { SettingsFlows } from './persistence/settings-flows.js';
import { SettingsAccounts } from './settings.accounts.service.js';
import { SettingsAnswers } from './settings.answers.js';
import { SettingsChanges } from './settings.changes.service.js';
import { SettingsPresenter } from './settings.presenter.js';
import { ChangePasswordController, SettingsPublicController } from './settings.public.controller.js';
import { SettingsPurge } from './settings.purge.js';
import { SettingsService } from './settings.service.js';
import { SettingsSubmissions } from './settings.submissions.service.js';
import { SettingsWaysOn } from './settings.ways-on.js';
import { CancelHandOver } from './steps/cancel-hand-over.js';
import { ConnectAccount } from './steps/connect-account.js';
import { DisconnectAccount } from './steps/disconnect-account.js';
import { KeepWay } from './steps/keep-way.js';
import { RemoveWay } from './steps/remove-way.js';
import { ReplaceSettings } from './steps/replace-settings.js';
import { ChangeInFlight } from './hot/change-in-flight.js';
import { TellUnfinished } from './hot/tell-unfinished.js';
import { RequireSession } from './steps/require-session.js';
import { SetPassword } from './steps/set-password.js';
import { StartSettings } from './steps/start-settings.js';
import { UpdateProfile } from './steps/update-profile.js';

export { CREDENTIAL_CHANGED, type CredentialChangeListener } from './credential-changed.js';
export { CancelHandOver, SettingsService, SettingsPurge, TellUnfinished };

const steps = [
  RequireSession,
  StartSettings,
  ReplaceSettings,
  SetPassword,
  UpdateProfile,
  ConnectAccount,
  DisconnectAccount,
  KeepWay,
  RemoveWay,
  CancelHandOver,
  MarkOidc,
];

export const settingsProviders: Provider[] = [
  SettingsService,
  SettingsPurge,
  SettingsPresenter,
  SettingsAnswers,
  SettingsSubmissions,
  SettingsChanges,
  SettingsAccounts,
  SettingsWaysOn,
  SettingsFlows,
  Continuation,
  ChangeByOwner,
  ChangeInFlight,
  TellUnfinished,
  ...steps,
];
export const settingsControllers: Type[] = [SettingsPublicController, ChangePasswordController];
