import { Inject, Injectable } from '@nestjs/common';
import type { StoredMessage } from '../platform/flow/index.js';
import { type FormFields, formText } from '../platform/http/index.js';
import { RATE_LIMITER, type RateLimiter } from '../platform/rate-limit/index.js';
import { MessageId } from '../platform/ui/index.js';
import { normalizeIdentifier } from '../identity/index.js';
import { addressHash, type Choosing, maskAddress } from './flow/choosing.js';
import type { RecoveryFlowView } from './flow/recovery-flow.view.js';
import { FindAddresses } from './steps/find-addresses.js';
import { MoveChoosing } from './steps/move-choosing.js';
import type { Refusal } from './steps/refuse-submission.js';

/** What a submitted form of such a flow requests. */
export type ChoosingStep =
  | { kind: 'code'; code: string }
  /** mail a code to this address */
  | { kind: 'send'; email: string }
  /** show another step */
  | { kind: 'moved'; flow: RecoveryFlowView }
  | { kind: 'refused'; refusal: Refusal };

const LONGEST = 254;

/**
 * `feature_flags.choose_recovery_address`: a person enters any address of the account, chooses among all of them,
 * masked, and types the chosen one in full, unless it is the first one. An unknown address behaves like the only
 * address of an account.
 */
@Injectable()
export class RecoveryChoosing {
  constructor(
    private readonly findAddresses: FindAddresses,
    private readonly move: MoveChoosing,
    @Inject(RATE_LIMITER) private readonly limiter: RateLimiter,
  ) {}

  /** @throws TooManyRequests */
  async step(flow: RecoveryFlowView, choosing: Choosing, form: FormFields): Promise<ChoosingStep> {
    const text = (name: string): string => (formText(form, name) ?? '').trim().slice(0, LONGEST);
    if (text('screen') === 'previous') return this.#back(flow, choosing);
    if (flow.state !== 'choose_method') {
      const code = formText(form, 'code') ?? '';
      return code === ''
        ? sendTo('recovery_confirm_address', text('recovery_confirm_address'))
        : { kind: 'code', code };
    }
    switch (choosing.step) {
      case 'address':
        return this.#named(flow, text('recovery_address'));
      case 'choice':
        return this.#chosen(flow, choosing, text('recovery_select_address'), text('recovery_address'));
      case 'confirm':
        return sendTo('recovery_confirm_address', text('recovery_confirm_address'));
    }
  }

  async #named(flow: RecoveryFlowView, address: string): Promise<ChoosingStep> {
    if (address === '') return missing('recovery_address');
    await this.limiter.take(['recovery_network']);
    const all = await this.findAddresses.run(normalizeIdentifier(address));
    const [only] = all;
    if (only === undefined || (all.length === 1 && normalizeIdentifier(only) === normalizeIdentifier(address)))
      return this.#sendNamed(flow, address);
    const choices = all.map((each) => ({ hash: addressHash(each), masked: maskAddress(each) }));
    return this.#moved(flow, { step: 'choice', address, choices }, [{ id: MessageId.RecoveryChooseAddress }]);
  }

  async #chosen(flow: RecoveryFlowView, choosing: Choosing, hash: string, address: string): Promise<ChoosingStep> {
    if (hash === '') return missing('recovery_select_address');
    if (address === '') return missing('recovery_address');
    if (hash === addressHash(address) || hash === addressHash(normalizeIdentifier(address)))
      return { kind: 'send', email: address };
    if (!choosing.choices.some((choice) => choice.hash === hash)) {
      const reason = 'The selected recovery address is not valid.';
      return refused({ messages: [{ id: MessageId.Generic, context: { reason } }] });
    }
    return this.#moved(flow, { ...choosing, step: 'confirm' }, [{ id: MessageId.RecoveryConfirmAddress }]);
  }

  async #back(flow: RecoveryFlowView, choosing: Choosing): Promise<ChoosingStep> {
    if (choosing.choices.length > 1 && (flow.state !== 'choose_method' || choosing.step === 'confirm'))
      return this.#moved(flow, { ...choosing, step: 'choice' }, [{ id: MessageId.RecoveryChooseAddress }]);
    return this.#moved(flow, { step: 'address', address: '', choices: [] }, []);
  }

  async #sendNamed(flow: RecoveryFlowView, address: string): Promise<ChoosingStep> {
    await this.move.run(flow, { step: 'address', address, choices: [] }, []);
    return { kind: 'send', email: address };
  }

  async #moved(flow: RecoveryFlowView, choosing: Choosing, messages: StoredMessage[]): Promise<ChoosingStep> {
    return { kind: 'moved', flow: await this.move.run(flow, choosing, messages) };
  }
}

const sendTo = (name: string, email: string): ChoosingStep => (email === '' ? missing(name) : { kind: 'send', email });
const refused = (refusal: Refusal): ChoosingStep => ({ kind: 'refused', refusal });
const missing = (name: string): ChoosingStep => refused({ nodeMessages: { [name]: [required(name)] } });
const required = (property: string): StoredMessage => ({ id: MessageId.PropertyMissing, context: { property } });
