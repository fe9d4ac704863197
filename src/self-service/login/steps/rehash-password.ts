import { Injectable } from '@nestjs/common';
import { Credentials, Passwords, PasswordUnusable } from '../../../identity/privileged.js';
import { Unavailable } from '../../../platform/errors/index.js';

/** A login is the one moment at which an old kind of hash can be replaced. */
@Injectable()
export class RehashPassword {
  constructor(
    private readonly credentials: Credentials,
    private readonly passwords: Passwords,
  ) {}

  /** Nothing is lost where it cannot be done: no room just now, or a password that the configured algorithm cannot take whole. */
  async run({ identityId, password, hash }: { identityId: string; password: string; hash: string }): Promise<void> {
    if (!this.passwords.needsRehash(hash)) return;
    try {
      await this.credentials.rehash(identityId, hash, await this.passwords.hash(password));
    } catch (error) {
      if (!(error instanceof Unavailable || error instanceof PasswordUnusable)) throw error;
    }
  }
}
