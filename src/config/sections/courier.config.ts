import { type Hidden, Matching, OneOf, Section, Text, TextRecord, Whole } from '../keys.js';
import { readSmtpUri, type SmtpServer } from './smtp-uri.js';

/** Excludes control characters, which could end a header and inject another. */
const LINE = /^[^\p{Cc}]*$/u;
const ONE_LINE = 'must be one line';

export class SmtpConfig {
  /** default: no mail is sent, and the pages say so */
  @Matching((text) => readSmtpUri(text) !== undefined, 'must be smtp://host:port/ or smtps://host:port/', {
    secret: true,
  })
  readonly connection_uri?: Hidden;
  @Matching(/^[^\s@<>,;"]+@[^\s@<>,;"]+$/, 'must be one email address')
  readonly from_address: string = 'no-reply@ory.kratos.sh';
  @Matching(LINE, ONE_LINE) readonly from_name: string = '';
  @TextRecord() readonly headers: Record<string, string> = {};
  /** host name for HELO and EHLO */
  @Matching(/^[^\s\p{Cc}]*$/u, 'must be one word') readonly local_name: string = 'localhost';
  @Text() readonly client_cert_path: string = '';
  @Text() readonly client_key_path: string = '';

  /** the parsed `connection_uri` */
  get server(): Hidden<SmtpServer> | undefined {
    return this.connection_uri ? readSmtpUri(this.connection_uri) : undefined;
  }
}

/** The values of `api_key` and of `basic_auth`. */
export class RequestAuthValues {
  @Matching(LINE, ONE_LINE) readonly name: string = '';
  @Matching(LINE, ONE_LINE, { secret: true }) readonly value: Hidden = '';
  @OneOf('header', 'cookie') readonly in: 'header' | 'cookie' = 'header';
  @Matching(/^[^:\p{Cc}]*$/u, 'must be one line without a colon') readonly user: string = '';
  @Matching(LINE, ONE_LINE, { secret: true }) readonly password: Hidden = '';
}

export class RequestAuth {
  @OneOf('api_key', 'basic_auth') readonly type?: 'api_key' | 'basic_auth';
  @Section(() => RequestAuthValues) readonly config: RequestAuthValues = new RequestAuthValues();
}

/** Kratos' `httpRequestConfig` without jsonnet; the body is the documented JSON. */
export class RequestConfig {
  @Matching((text) => /^https?:\/\/./i.test(text) && URL.canParse(text), 'must be an http(s) URL', {
    secret: true, // some services put a customer's token into it
  })
  readonly url?: Hidden;
  @Matching(/^(POST|PUT|PATCH)$/i, 'must be POST, PUT or PATCH') readonly method: string = 'POST';
  @TextRecord({ secret: true }) readonly headers: Hidden<Record<string, string>> = {};
  @Section(() => RequestAuth) readonly auth: RequestAuth = new RequestAuth();
}

export class CourierHttpConfig {
  @Section(() => RequestConfig) readonly request_config: RequestConfig = new RequestConfig();
}

/** `courier` in kratos.yml: mail. */
export class CourierConfig {
  @OneOf('smtp', 'http') readonly delivery_strategy: 'smtp' | 'http' = 'smtp';
  @Section(() => SmtpConfig) readonly smtp: SmtpConfig = new SmtpConfig();
  @Section(() => CourierHttpConfig) readonly http: CourierHttpConfig = new CourierHttpConfig();
  /** retries after the first attempt, before a message is abandoned */
  @Whole(0, 1_000) readonly message_retries: number = 5;
  /** directory of the operator's templates */
  @Text() readonly template_override_path?: string;

  /** whether messages leave the outbox */
  get delivers(): Hidden<boolean> {
    return this.delivery_strategy === 'http'
      ? this.http.request_config.url !== undefined
      : this.smtp.server !== undefined;
  }
}
