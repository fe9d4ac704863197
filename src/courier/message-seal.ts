import { Injectable } from '@nestjs/common';
import { SecretsConfig } from '../config/index.js';
import { KeyRing, Seal, type Sealed } from '../platform/keys/index.js';
import { Random } from '../platform/random/index.js';

/** Encrypts the secret of a message, for its row alone: the row's id is in the key, and the associated data. */
@Injectable()
export class MessageSeal {
  #made: Seal | undefined;

  constructor(
    private readonly secrets: SecretsConfig,
    private readonly random: Random,
  ) {}

  /** Ids of the keys that open. */
  get keyIds(): string[] {
    return this.#seal().keyIds;
  }

  seal(messageId: string, secret: string): Sealed {
    return this.#seal().seal(owner(messageId), secret, messageId);
  }

  /** Undefined where no configured key opens it, or the row was tampered with. */
  open(messageId: string, sealed: Sealed): string | undefined {
    const seal = this.#seal();
    // rows of the version before have no associated data
    return seal.open(owner(messageId), sealed, messageId) ?? seal.open(owner(messageId), sealed);
  }

  /** `secrets.cipher` seals; what `secrets.default` sealed before there was one still opens. */
  #seal(): Seal {
    const { cipher, default: others } = this.secrets;
    return (this.#made ??= new Seal(new KeyRing([...new Set([...cipher, ...others])]), this.random));
  }
}

const owner = (messageId: string): string[] => ['courier_message', messageId];
