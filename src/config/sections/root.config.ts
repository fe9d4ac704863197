import { Flag, type Hidden, Text } from '../keys.js';

/** The keys at the top of kratos.yml that are not sections. */
export class RootConfig {
  /** `postgres://…`, `embedded` or `memory`. */
  @Text({ secret: true }) readonly dsn: Hidden = '';

  /** Relaxes the cookies' Secure flag and the rule that http base URLs are loopback. A file or `--dev` only. */
  @Flag({ environment: false }) readonly dev: boolean = false;

  /** The version of Kratos that the file was written for; kept, never judged. */
  @Text() readonly version?: string;
}
