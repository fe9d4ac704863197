import { Inject, Injectable } from '@nestjs/common';
import { SelfServiceConfig } from '../../config/index.js';
import { chooseLocale, type DraftMessage, Outbox } from '../../courier/index.js';
import { CurrentRequest } from '../../platform/http/index.js';
import { digest, KEY_RING, type KeyRing } from '../../platform/keys/index.js';
import { Random } from '../../platform/random/index.js';
import type { MailBudget } from '../flow/mail-budget.js';
import type { SubmittedAddress } from '../flow/address.js';
import { CODE_LENGTH } from '../flow/code.js';
import { LONG_CODE_BYTES, longCode, readLongCode } from '../flow/long-code.js';
import { LINK_TOKEN_LENGTH } from '../flow/link-parts.js';
import { type RecoveryFlowView, recoveryFlowView } from '../flow/recovery-flow.view.js';
import { SendSecret, type Sending } from '../hot/send-secret.js';

type Secret = Pick<Sending, 'kind' | 'digest' | 'keyId' | 'message'>;

/** Mails a link or a code to the address if it belongs to an account; does the same work either way. */
@Injectable()
export class SendRecovery {
  constructor(
    private readonly statement: SendSecret,
    private readonly outbox: Outbox,
    private readonly random: Random,
    private readonly current: CurrentRequest,
    private readonly selfservice: SelfServiceConfig,
    @Inject(KEY_RING) private readonly keys: KeyRing,
  ) {}

  /** The flow afterwards; undefined if it has changed since it was read, or is over. */
  async run(
    flow: RecoveryFlowView,
    address: SubmittedAddress,
    { withheld, unguessable, least }: MailBudget,
  ): Promise<RecoveryFlowView | undefined> {
    const byLink = flow.method === 'link' || (unguessable && this.selfservice.methods.link.enabled);
    const lifetime = Math.max(this.selfservice.methods[byLink ? 'link' : 'code'].config.lifespan.seconds, least);
    const minutes = lifetime / 60;
    const secret = byLink
      ? this.#link(flow, minutes)
      : unguessable
        ? this.#longCode(address, minutes)
        : this.#code(flow, minutes);
    const row = await this.statement.run(
      {
        ...secret,
        flowId: flow.id,
        method: flow.method,
        mailCount: flow.mailCount,
        address,
        lifetime,
        withheld,
        longCode: !byLink && unguessable,
      },
      this.current,
    );
    return row && recoveryFlowView(row);
  }

  #code({ id }: RecoveryFlowView, minutes: number): Secret {
    const code = this.random.digits(CODE_LENGTH);
    const { mac, keyId } = this.keys.mac('code', id, code);
    return { kind: 'code', digest: mac, keyId, message: this.#draft(code, { minutes }) };
  }

  /** Bound to the address instead of the flow. */
  #longCode({ normalized }: SubmittedAddress, minutes: number): Secret {
    const code = longCode(this.random.bytes(LONG_CODE_BYTES));
    const { mac, keyId } = this.keys.mac('code', 'address', normalized, readLongCode(code)!);
    return { kind: 'code', digest: mac, keyId, message: this.#draft(code, { minutes }) };
  }

  #link({ id }: RecoveryFlowView, minutes: number): Secret {
    const token = this.random.base62(LINK_TOKEN_LENGTH);
    return {
      kind: 'link',
      digest: digest(token),
      keyId: null,
      message: this.#draft(token, { minutes, flow: id }),
    };
  }

  /** In the browser's language. If we don't support it, the statement uses the identity's locale trait. */
  #draft(secret: string, data: { minutes: number; flow?: string }): DraftMessage {
    return this.outbox.draft(secret, { ...data, locale: chooseLocale([this.current.get().acceptLanguage], undefined) });
  }
}
