import { type Hidden, OneOf, Texts } from '../keys.js';

/** `secrets` in kratos.yml. The first entry of a list makes, all of them verify. */
export class SecretsConfig {
  /** Falls back to `cookie`. */
  @Texts({ secret: true }) readonly default: Hidden<string[]> = [];
  /** Falls back to `default`. */
  @Texts({ secret: true }) readonly cookie: Hidden<string[]> = [];
  /** Falls back to `default`. */
  @Texts({ secret: true }) readonly cipher: Hidden<string[]> = [];
}

/** `ciphers` in kratos.yml. Accepted for its files' sake: what Regain stores is always encrypted. */
export class CiphersConfig {
  @OneOf('noop', 'aes', 'xchacha20-poly1305') readonly algorithm: string = 'noop';
}
