import { Duration } from '../../platform/duration/index.js';
import { Flag, Link, Matching, OneOf, Section, Span } from '../keys.js';

export class ReturnConfig {
  @Link() readonly default_browser_return_url?: string;
}

/** Where a person goes afterwards: what the method says, else what the flow says. */
export class AfterConfig extends ReturnConfig {
  @Section(() => ReturnConfig) readonly password: ReturnConfig = new ReturnConfig();
  @Section(() => ReturnConfig) readonly oidc: ReturnConfig = new ReturnConfig();
  @Section(() => ReturnConfig) readonly code: ReturnConfig = new ReturnConfig();
  @Section(() => ReturnConfig) readonly profile: ReturnConfig = new ReturnConfig();
}

export class ErrorFlow {
  @Link() readonly ui_url?: string;
}

export class SettingsFlow {
  /** Absent, here and below: our own page. */
  @Link() readonly ui_url?: string;
  @Span() readonly lifespan: Duration = Duration.parse('1h');
  /** How long after signing in a person may change what lets them in. */
  @Span() readonly privileged_session_max_age: Duration = Duration.parse('1h');
  @Matching(/^aal1$/, 'must be aal1: Regain cannot check a second factor') readonly required_aal: 'aal1' = 'aal1';
  @Section(() => AfterConfig) readonly after: AfterConfig = new AfterConfig();
}

export class RecoveryFlow {
  @Flag() readonly enabled: boolean = false;
  @Link() readonly ui_url?: string;
  @Span() readonly lifespan: Duration = Duration.parse('1h');
  @OneOf('code', 'link') readonly use: 'code' | 'link' = 'code';
  @Flag() readonly notify_unknown_recipients: boolean = false;
  @Section(() => ReturnConfig) readonly after: ReturnConfig = new ReturnConfig();
}

export class LoginFlow {
  @Link() readonly ui_url?: string;
  @Span() readonly lifespan: Duration = Duration.parse('1h');
  @Section(() => AfterConfig) readonly after: AfterConfig = new AfterConfig();
}

export class LogoutFlow {
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
