import { Injectable } from '@nestjs/common';
import { SecretsConfig } from '../config/index.js';
import { KeyRing, Seal, type Sealed } from '../platform/keys/index.js';
import { Random } from '../platform/random/index.js';

/** Encrypts a message's secret for its own row: the row's id is part of the key and of the associated data. */
@Injectable()
export class MessageSeal {
  #made: Seal | undefined;

  constructor(
    private readonly secrets: SecretsConfig,
    private readonly random: Random,
  ) {}

  /** Ids of the keys that can decrypt. */
  get keyIds(): string[] {
    return this.#seal().keyIds;
  }

  seal(messageId: string, secret: string): Sealed {
    return this.#seal().seal(owner(messageId), secret, messageId);
  }

  /** Undefined if no configured key decrypts it, or the row was tampered with. */
  open(messageId: string, sealed: Sealed): string | undefined {
    const seal = this.#seal();
    // rows of the previous version have no associated data
    return seal.open(owner(messageId), sealed, messageId) ?? seal.open(owner(messageId), sealed);
  }

  /** Encrypts with `secrets.cipher`; also decrypts what `secrets.default` encrypted before `secrets.cipher` was set. */
  #seal(): Seal {
    const { cipher, default: others } = this.secrets;
    return (this.#made ??= new Seal(new KeyRing([...new Set([...cipher, ...others])]), this.random));
  }
}

const owner = (messageId: string): string[] => ['courier_message', messageId];
