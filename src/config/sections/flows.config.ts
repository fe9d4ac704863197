import { Duration } from '../../platform/duration/index.js';
import { Flag, Items, Link, Matching, OneOf, Section, Span } from '../keys.js';
import { AfterHook } from './hooks.config.js';

class ReturnConfig {
  @Link() readonly default_browser_return_url?: string;
}

/** Where the person is sent afterwards, and which hooks run. */
class AfterMethod extends ReturnConfig {
  @Items(() => AfterHook) readonly hooks: AfterHook[] = [];
}

/** A method's own address and hooks take precedence over the flow's. */
class AfterConfig extends AfterMethod {
  @Section(() => AfterMethod) readonly password: AfterMethod = new AfterMethod();
  @Section(() => AfterMethod) readonly oidc: AfterMethod = new AfterMethod();
  @Section(() => AfterMethod) readonly code: AfterMethod = new AfterMethod();
  @Section(() => AfterMethod) readonly profile: AfterMethod = new AfterMethod();
}

/** `aal1`, or `highest_available`: an identity with a second factor must use it. */
export type RequiredAal = 'aal1' | 'highest_available';
export const NeedsAal = (): PropertyDecorator =>
  Matching(
    /^(aal1|highest_available)$/,
    'must be aal1 or highest_available: Regain cannot check second factors, so nobody could reach more',
  );

class ErrorFlow {
  @Link() readonly ui_url?: string;
}

class SettingsFlow {
  /** default, here and below: the built-in page */
  @Link() readonly ui_url?: string;
  @Span() readonly lifespan: Duration = Duration.parse('1h');
  /** how long after signing in a person may change their credentials */
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
