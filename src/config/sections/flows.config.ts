import { Duration } from '../../platform/duration/index.js';
import { Flag, Items, Link, Matching, OneOf, Section, Span } from '../keys.js';
import { AfterHook } from './hooks.config.js';

class ReturnConfig {
  @Link() readonly default_browser_return_url?: string;
}

/** Where a person goes afterwards, and what else happens. */
class AfterMethod extends ReturnConfig {
  @Items(() => AfterHook) readonly hooks: AfterHook[] = [];
}

/** For both, the address and the hooks: what the method says, else what the flow says. */
class AfterConfig extends AfterMethod {
  @Section(() => AfterMethod) readonly password: AfterMethod = new AfterMethod();
  @Section(() => AfterMethod) readonly oidc: AfterMethod = new AfterMethod();
  @Section(() => AfterMethod) readonly code: AfterMethod = new AfterMethod();
  @Section(() => AfterMethod) readonly profile: AfterMethod = new AfterMethod();
}

/** `aal1`, or `highest_available`: what the identity has, so that one with a second factor is asked for it. */
export type RequiredAal = 'aal1' | 'highest_available';
export const NeedsAal = (): PropertyDecorator =>
  Matching(
    /^(aal1|highest_available)$/,
    'must be aal1 or highest_available: Regain checks no second factor, so nobody could ever meet more',
  );

class ErrorFlow {
  @Link() readonly ui_url?: string;
}

class SettingsFlow {
  /** Absent, here and below: our own page. */
  @Link() readonly ui_url?: string;
  @Span() readonly lifespan: Duration = Duration.parse('1h');
  /** How long after signing in a person may change what lets them in. */
  @Span() readonly privileged_session_max_age: Duration = Duration.parse('1h');
  @NeedsAal() readonly required_aal: RequiredAal = 'aal1';
  @Section(() => AfterConfig) readonly after: AfterConfig = new AfterConfig();
}

class RecoveryFlow {
  @Flag() readonly enabled: boolean = false;
  @Link() readonly ui_url?: string;
  @Span() readonly lifespan: Duration = Duration.parse('1h');
  @OneOf('code', 'link') readonly use: 'code' | 'link' = 'code';
  @Flag() readonly notify_unknown_recipients: boolean = false;
  @Section(() => AfterMethod) readonly after: AfterMethod = new AfterMethod();
}

class LoginFlow {
  @Link() readonly ui_url?: string;
  @Span() readonly lifespan: Duration = Duration.parse('1h');
  @Section(() => AfterConfig) readonly after: AfterConfig = new AfterConfig();
}

class LogoutFlow {
  @Section(() => ReturnConfig) readonly after: ReturnConfig = new ReturnConfig();
}

/** `selfservice.flows` in kratos.yml. */
export class FlowsConfig {
  @Section(() => ErrorFlow) readonly error: ErrorFlow = new ErrorFlow();
  @Section(() => SettingsFlow) readonly settings: SettingsFlow = new SettingsFlow();
  @Section(() => RecoveryFlow) readonly recovery: RecoveryFlow = new RecoveryFlow();
  @Section(() => LoginFlow) readonly login: LoginFlow = new LoginFlow();
  @Section(() => LogoutFlow) readonly logout: LogoutFlow = new LogoutFlow();
}
