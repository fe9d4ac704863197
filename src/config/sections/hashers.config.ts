import { MemorySize, OneOf, Section, Whole } from '../keys.js';

export class Argon2Config {
  /** KiB; the file has `19MB` */
  @MemorySize(1, 4_194_304) readonly memory: number = 19_456;
  @Whole(1, 100) readonly iterations: number = 2;
  @Whole(1, 64) readonly parallelism: number = 1;
  /** Bytes. */
  @Whole(16, 64) readonly salt_length: number = 16;
  /** Bytes. */
  @Whole(16, 128) readonly key_length: number = 32;
}

export class BcryptConfig {
  @Whole(4, 31) readonly cost: number = 12;
}

/** `hashers` in kratos.yml: how to hash new passwords. Regain verifies hashes of both kinds. */
export class HashersConfig {
  /** argon2 means argon2id. */
  @OneOf('argon2', 'bcrypt') readonly algorithm: 'argon2' | 'bcrypt' = 'argon2';
  @Section(() => Argon2Config) readonly argon2: Argon2Config = new Argon2Config();
  @Section(() => BcryptConfig) readonly bcrypt: BcryptConfig = new BcryptConfig();
}
