import { Injectable } from '@nestjs/common';
import { Credentials, Passwords, PasswordUnusable } from '../../../identity/privileged.js';
import { Unavailable } from '../../../platform/errors/index.js';

/** Replaces an outdated hash; only a login has the password that this needs. */
@Injectable()
export class RehashPassword {
  constructor(
    private readonly credentials: Credentials,
    private readonly passwords: Passwords,
  ) {}

  /**
   * Does nothing if it can't be done now: the queue is full, or the configured algorithm would truncate the password.
   */
  async run({ identityId, password, hash }: { identityId: string; password: string; hash: string }): Promise<void> {
    if (!this.passwords.needsRehash(hash)) return;
    try {
      await this.credentials.rehash(identityId, hash, await this.passwords.hash(password));
    } catch (error) {
      if (!(error instanceof Unavailable || error instanceof PasswordUnusable)) throw error;
    }
  }
}
