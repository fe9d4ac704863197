import { Inject, Injectable } from '@nestjs/common';
import { CourierConfig, RegainConfig } from '../../config/index.js';
import {
  chooseLocale,
  isTemplateType,
  LOCALES,
  type Locale,
  secretOf,
  type TemplateType,
  traitAt,
} from '../../courier/index.js';
import { isUuid } from '../../platform/flow/index.js';
import { CurrentRequest } from '../../platform/http/index.js';
import { RATE_LIMITER, type RateLimiter } from '../../platform/rate-limit/index.js';
import type { Delivery, DeliveryRequest } from '../flow/delivery.js';
import type { GrantKind } from '../hot/create-grant.js';
import { FindMailbox, type FoundMailbox } from '../hot/find-mailbox.js';
import {
  CodeIdentityUnknown,
  DeliveryAddressMissing,
  DeliveryAddressTooYoung,
  DeliveryAddressUnknown,
  DeliveryOff,
  DeliveryOptionRefused,
  DeliveryPointless,
  IdentityUnknown,
} from '../recovery.errors.js';

const USUAL: Record<GrantKind, TemplateType> = { link: 'recovery_link_admin', code: 'recovery_code_admin' };
/** A token with this scope sees the secret anyway, so its holder is responsible for where it goes. */
const SEES_SECRETS = 'recovery:issue';

/** Decides where to mail a link or code (to a stored address that is old enough), and with which template. */
@Injectable()
export class ChooseDelivery {
  constructor(
    private readonly find: FindMailbox,
    private readonly current: CurrentRequest,
    private readonly courier: CourierConfig,
    private readonly regain: RegainConfig,
    @Inject(RATE_LIMITER) private readonly limiter: RateLimiter,
  ) {}

  /**
   * @throws IdentityUnknown, CodeIdentityUnknown, DeliveryOff, DeliveryAddressUnknown, DeliveryAddressMissing, DeliveryAddressTooYoung, DeliveryPointless, DeliveryOptionRefused, TooManyRequests
   */
  async run(
    kind: GrantKind,
    identityId: string | undefined,
    request: DeliveryRequest,
    blind: boolean,
  ): Promise<Delivery> {
    if (!this.courier.delivers) throw new DeliveryOff();
    const template = this.#template(kind, request.template);
    const replyTo = this.#replyTo(request.reply_to);
    const row = identityId === undefined ? undefined : await this.#address(identityId, request.to);
    if (!row) throw kind === 'link' ? new IdentityUnknown() : new CodeIdentityUnknown();
    if (row.state !== 'active') throw new DeliveryPointless('inactive');
    if (row.availableAal !== 'aal1' && this.regain.recovery.second_factor !== 'ignore')
      throw new DeliveryPointless('second_factor');
    const { addressId, value, normalized } = row;
    if (addressId === null || value === null || normalized === null)
      throw request.to === 'default' ? new DeliveryAddressMissing() : new DeliveryAddressUnknown();
    const locale = this.#locale(request.locale, row.traits);
    if (row.waits) throw new DeliveryAddressTooYoung(this.regain.recovery.address_min_age.toString());
    if (!this.current.may(SEES_SECRETS)) {
      if (row.young) throw new DeliveryAddressTooYoung(this.regain.recovery.address_min_age.toString());
      await this.limiter.take(['deliver_address'], normalized);
    }
    return { addressId, address: value, template, replyTo, blind, locale };
  }

  async #address(identityId: string, to: string): Promise<FoundMailbox | undefined> {
    if (to !== 'default' && !isUuid(to)) throw new DeliveryAddressUnknown();
    return this.find.run(identityId, to === 'default' ? undefined : to);
  }

  #template(kind: GrantKind, asked: string | undefined): TemplateType {
    const configured = this.regain.recovery.delivery.templates.filter(isTemplateType);
    const allowed = [USUAL[kind], ...configured].filter((each) => secretOf(each) === kind);
    const found = asked === undefined ? USUAL[kind] : allowed.find((each) => each === asked);
    if (!found) throw new DeliveryOptionRefused('template', allowed);
    return found;
  }

  #replyTo(asked: string | undefined): string | undefined {
    const allowed = this.regain.recovery.delivery.reply_to;
    if (asked !== undefined && !allowed.includes(asked)) throw new DeliveryOptionRefused('reply_to', allowed);
    return asked;
  }

  #locale(asked: string | undefined, traits: unknown): Locale {
    if (asked !== undefined && !LOCALES.some((each) => each === asked))
      throw new DeliveryOptionRefused('locale', LOCALES);
    const { locale_trait, default_locale } = this.regain.courier;
    return chooseLocale([asked, traitAt(traits, locale_trait)], default_locale);
  }
}
