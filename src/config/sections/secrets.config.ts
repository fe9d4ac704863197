import { type Hidden, OneOf, Texts } from '../keys.js';

/** `secrets` in kratos.yml. The first entry of a list signs and encrypts; all verify and decrypt. */
export class SecretsConfig {
  /** falls back to `cookie` */
  @Texts({ secret: true }) readonly default: Hidden<string[]> = [];
  /** falls back to `default` */
  @Texts({ secret: true }) readonly cookie: Hidden<string[]> = [];
  /** falls back to `default` */
  @Texts({ secret: true }) readonly cipher: Hidden<string[]> = [];
}

/** `ciphers` in kratos.yml. Accepted but unused: Regain always encrypts. */
export class CiphersConfig {
  @OneOf('noop', 'aes', 'xchacha20-poly1305') readonly algorithm: string = 'noop';
}
