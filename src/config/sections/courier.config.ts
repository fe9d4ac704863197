import { Matching, Section, Text, TextRecord, Whole } from '../keys.js';

export class SmtpConfig {
  /** Absent: no mail is sent, and pages say so. */
  @Matching(/^smtps?:\/\/./i, 'must begin with smtp:// or smtps://', { secret: true }) readonly connection_uri?: string;
  @Matching(/^[^\s@<>]+@[^\s@<>]+$/, 'must be one e-mail address')
  readonly from_address: string = 'no-reply@ory.kratos.sh';
  @Text() readonly from_name: string = '';
  @TextRecord() readonly headers: Record<string, string> = {};
  /** The name given in HELO and EHLO. */
  @Text() readonly local_name: string = 'localhost';
  @Text() readonly client_cert_path: string = '';
  @Text() readonly client_key_path: string = '';
}

/** `courier` in kratos.yml: mail. */
export class CourierConfig {
  @Section(() => SmtpConfig) readonly smtp: SmtpConfig = new SmtpConfig();
  /** Tries after the first one, before a message is given up. */
  @Whole(0, 1_000) readonly message_retries: number = 5;
}
