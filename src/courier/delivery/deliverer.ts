import { setTimeout } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { CourierConfig, RegainConfig } from '../../config/index.js';
import { Clock } from '../../platform/clock/index.js';
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

/** A wait that was overtaken must not keep the process from ending. */
/** Milliseconds in which what became of a message that was cut is written down; where it is not, its lease runs out. */
const NOTING = 2_000;
const UNHELD = { ref: false };

/** Messages that may be under way aside, where they hold up nobody; with more, everybody waits. */
export const MOST_ASIDE = 100;
/** Seconds that a claim outlasts the longest try. */
const SPARE = 10;
/** Seconds over which messages come back that waited for a server. */
const SPREAD = 5;

/** Hands messages over: claims them, asks whether they are still wanted, sends, writes down what came of it. */
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

  /** Resolves when every message is done with, or under way for so long that others may pass. */
  async deliver(ids: readonly string[]): Promise<void> {
    while (this.#aside.size >= MOST_ASIDE) await Promise.race(this.#aside);
    const pause = this.#pause.left;
    if (pause > 0) return this.putOff.run(ids, pause, SPREAD);
    const claimed = await this.claim.run(ids, this.regain.courier.send_timeout.seconds + SPARE);
    const unwanted = await this.#unwanted(claimed);
    await Promise.all(claimed.map((message) => this.#orAside(message, this.#one(message, unwanted))));
  }

  /** Waits for what is under way, then cuts it. @param grace milliseconds */
  async stop(grace: number): Promise<void> {
    await Promise.race([Promise.all(this.#aside), setTimeout(grace, undefined, UNHELD)]);
    this.#stopping.abort();
    await Promise.race([Promise.all(this.#aside), setTimeout(NOTING, undefined, UNHELD)]);
    this.transport.close();
  }

  /** Resolves when it is done, or takes so long that others may pass; from then on a job of its own guards it. */
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

  /** Never rejects: a message whose end cannot be written down is tried again when its lease is over. */
  async #one(message: ClaimedMessage, unwanted: ReadonlySet<string>): Promise<void> {
    const turn = this.#turns.next();
    try {
      const over = message.expired
        ? 'it has expired'
        : message.about_id !== null && unwanted.has(message.about_id)
          ? 'nobody can use it any more'
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

  /** Another node, or this one after the next start, may have what is missing. */
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

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : 'unknown');
