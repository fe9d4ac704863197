import { Flag, type Hidden, Text } from '../keys.js';

/** The keys at the top of kratos.yml that are not sections. */
export class RootConfig {
  /** `postgres://…`, `embedded` or `memory`. */
  @Text({ secret: true }) readonly dsn: Hidden = '';

  /** Allows cookies without Secure and http base URLs beyond loopback. Only from a file or `--dev`. */
  @Flag({ environment: false }) readonly dev: boolean = false;

  /** The version of Kratos the file was written for; not checked. */
  @Text() readonly version?: string;
}
