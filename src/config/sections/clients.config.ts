import { Flag, Section, Texts } from '../keys.js';

export class HttpClientConfig {
  @Flag() readonly disallow_private_ip_ranges: boolean = false;
  @Texts() readonly private_ip_exception_urls: string[] = [];
}

/** `clients` in kratos.yml: requests that Regain makes itself. */
export class ClientsConfig {
  @Section(() => HttpClientConfig) readonly http: HttpClientConfig = new HttpClientConfig();
}

/** `feature_flags` in kratos.yml. */
export class FeatureFlagsConfig {
  /** answers contain `continue_with` instead of a redirect */
  @Flag() readonly use_continue_with_transitions: boolean = false;
  /** a person who recovers enters any address of the account and chooses which one gets the code */
  @Flag() readonly choose_recovery_address: boolean = false;
  /** extending a session answers 204 without a body */
  @Flag() readonly faster_session_extend: boolean = false;
}
