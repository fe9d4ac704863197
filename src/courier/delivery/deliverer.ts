import { setTimeout } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { CourierConfig, RegainConfig } from '../../config/index.js';
import { Clock } from '../../platform/clock/index.js';
import { nameOf } from '../../platform/errors/index.js';
import { LOGGER } from '../../platform/http/index.js';
import { Random } from '../../platform/random/index.js';
import { type ClaimedMessage, ClaimMessages } from '../hot/claim-messages.js';
import { type Failure, FinishMessage } from '../hot/finish-message.js';
import { PutOffMessages } from '../hot/put-off-messages.js';
import { MESSAGE_STILL_WANTED, type MessageStillWanted } from '../still-wanted.js';
import { Pause, retryAfter } from './back-off.js';
import { MailOf } from './mail-of.js';
import { Patience } from './patience.js';
import { type OutgoingMail, type Transport, TRANSPORT, type Verdict } from './transport.js';
import { type Turn, Turns } from './turns.js';

/** Milliseconds to record the outcome of a message that was cut off. After that, its lease runs out instead. */
const NOTING = 2_000;
/** Lets the process end even while such a timer is running. */
const UNHELD = { ref: false };

/** Largest number of slow messages sent in the background, where they block no one. With more, new batches wait. */
export const MOST_ASIDE = 100;
/** Seconds by which a lease outlasts the longest attempt. */
const SPARE = 10;
/** Seconds over which postponed messages are spread once they come back. */
const SPREAD = 5;

/** Delivers messages: claims them, checks that they are still wanted, sends them, and records the outcome. */
@Injectable()
export class Deliverer {
  readonly #pause: Pause;
  readonly #patience = new Patience();
  readonly #turns = new Turns();
  readonly #aside = new Set<Promise<void>>();
  readonly #stopping = new AbortController();

  constructor(
    private readonly claim: ClaimMessages,
    private readonly finish: FinishMessage,
    private readonly putOff: PutOffMessages,
    private readonly mailOf: MailOf,
    @Inject(MESSAGE_STILL_WANTED) private readonly wanted: MessageStillWanted,
    @Inject(TRANSPORT) private readonly transport: Transport,
    private readonly courier: CourierConfig,
    private readonly regain: RegainConfig,
    private readonly random: Random,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly clock: Clock,
  ) {
    this.#pause = new Pause(() => clock.monotonic());
  }

  /** Resolves once every message is finished, or has been running so long that it continues in the background. */
  async deliver(ids: readonly string[]): Promise<void> {
    while (this.#aside.size >= MOST_ASIDE) await Promise.race(this.#aside);
    const pause = this.#pause.left;
    if (pause > 0) return this.putOff.run(ids, pause, SPREAD);
    const claimed = await this.claim.run(ids, this.regain.courier.send_timeout.seconds + SPARE);
    const unwanted = await this.#unwanted(claimed);
    await Promise.all(claimed.map((message) => this.#orAside(message, this.#one(message, unwanted))));
  }

  /**
   * Waits for messages that are being sent, then cuts them off.
   * @param grace milliseconds to wait
   */
  async stop(grace: number): Promise<void> {
    await Promise.race([Promise.all(this.#aside), setTimeout(grace, undefined, UNHELD)]);
    this.#stopping.abort();
    await Promise.race([Promise.all(this.#aside), setTimeout(NOTING, undefined, UNHELD)]);
    this.transport.close();
  }

  /**
   * Resolves once the message is finished, or moves to the background because it is slow. From then on, a job of its
   * own watches it.
   */
  async #orAside({ id }: ClaimedMessage, one: Promise<void>): Promise<void> {
    const done = await Promise.race([one.then(() => true), setTimeout(this.#patience.milliseconds, false, UNHELD)]);
    if (done) return;
    const aside = one.finally(() => this.#aside.delete(aside));
    this.#aside.add(aside);
    await this.putOff.watch([id]);
  }

  async #unwanted(messages: readonly ClaimedMessage[]): Promise<ReadonlySet<string>> {
    const about = messages.flatMap(({ about_id }) => about_id ?? []);
    return about.length === 0 ? new Set() : this.wanted.unwanted(about);
  }

  /** Never rejects: if its outcome cannot be recorded, the message is retried once its lease ends. */
  async #one(message: ClaimedMessage, unwanted: ReadonlySet<string>): Promise<void> {
    const turn = this.#turns.next();
    try {
      const over = message.expired
        ? 'it has expired'
        : message.about_id !== null && unwanted.has(message.about_id)
          ? 'it can no longer be used'
          : undefined;
      if (over !== undefined) return await this.finish.failed(message, { kind: 'abandoned', error: { message: over } });
      await this.#conclude(message, await this.#send(message, turn));
    } catch (error) {
      this.logger.error({ message_id: message.id, error: nameOf(error) }, 'courier');
    } finally {
      turn.end();
    }
  }

  async #send(message: ClaimedMessage, turn: Turn): Promise<Verdict> {
    const mail = this.#write(message);
    if (mail === undefined)
      return { kind: 'failed', error: { message: 'it cannot be written here: its key or its template is missing' } };
    const began = this.clock.monotonic();
    const time = AbortSignal.timeout(this.regain.courier.send_timeout.milliseconds);
    let waited = 0;
    const lastByte = async (): Promise<void> => {
      const from = this.clock.monotonic();
      await turn.take();
      waited += this.clock.monotonic() - from;
    };
    const verdict = await this.transport.send(mail, AbortSignal.any([time, this.#stopping.signal]), lastByte);
    if (verdict.kind === 'sent') this.#patience.learn(this.clock.monotonic() - began - waited);
    const cut = this.#stopping.signal.aborted && (verdict.kind === 'failed' || verdict.kind === 'trouble');
    return cut ? { kind: 'trouble', error: { message: 'the server was stopped' } } : verdict;
  }

  /**
   * Undefined if it cannot be rendered here. Another node, or this one after a restart, may have the missing key or
   * template.
   */
  #write(message: ClaimedMessage): OutgoingMail | undefined {
    try {
      return this.mailOf.make(message);
    } catch (error) {
      this.logger.error({ message_id: message.id, error: nameOf(error) }, 'message cannot be written');
      return undefined;
    }
  }

  async #conclude(message: ClaimedMessage, verdict: Verdict): Promise<void> {
    const said = { message_id: message.id, template: message.template_type, tries: message.send_count };
    if (verdict.kind !== 'trouble') this.#pause.end();
    if (verdict.kind === 'sent') {
      await this.finish.sent(message.id);
      this.logger.info(said, 'message sent');
      return;
    }
    const failure = this.#failure(message, verdict);
    await this.finish.failed(message, failure);
    const level = failure.kind === 'abandoned' ? 'error' : 'warn';
    this.logger[level](
      { ...said, reason: failure.error.message },
      failure.kind === 'abandoned' ? 'message abandoned' : 'message not sent yet',
    );
  }

  #failure(message: ClaimedMessage, { kind, error }: Exclude<Verdict, { kind: 'sent' }>): Failure {
    if (kind === 'refused') return { kind: 'abandoned', error };
    const chance = this.random.bytes(4).readUInt32BE() / 2 ** 32;
    if (kind === 'trouble') return { kind: 'retry', error, inSeconds: this.#pause.begin(chance), counts: false };
    const failures = message.send_count - message.trouble_count;
    if (failures > this.courier.message_retries) return { kind: 'abandoned', error };
    return { kind: 'retry', error, inSeconds: retryAfter(failures, chance), counts: true };
  }
}
