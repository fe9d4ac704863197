import {
  type DynamicModule,
  Inject,
  Module,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { Logger } from 'pino';
import { CourierConfig, RegainConfig } from '../../config/index.js';
import { LOGGER } from '../../platform/http/index.js';
import { JobQueue } from '../../platform/job-queue/index.js';
import { CourierModule } from '../courier.module.js';
import { ClaimMessages } from '../hot/claim-messages.js';
import { FinishMessage } from '../hot/finish-message.js';
import { PutOffMessages } from '../hot/put-off-messages.js';
import { Deliverer, MOST_ASIDE } from './deliverer.js';
import { HttpTransport } from './http-transport.js';
import { MailOf } from './mail-of.js';
import { SmtpTransport } from './smtp-transport.js';
import { type Transport, TRANSPORT } from './transport.js';

export interface DeliveryOptions {
  /** postgres:// URL of the job queue; undefined: this process delivers nothing */
  readonly queueUrl: string | undefined;
}

const OPTIONS = Symbol('DELIVERY_OPTIONS');

/** Milliseconds that messages under way get when the server stops. */
const GRACE = 5_000;
/** Batches at the same time. */
const BATCHES = 4;
const EVERY_MINUTE = '* * * * *';
/** Seconds that a message may be overdue before its job counts as lost, and how many get a new one a minute. */
const OVERDUE = 600;
const MOST_LOST = 1_000;

/** Delivers the outbox, in servers only and where the configuration says how. */
@Module({})
export class DeliveryModule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  #queue: JobQueue | undefined;

  constructor(
    @Inject(OPTIONS) private readonly options: DeliveryOptions,
    private readonly deliverer: Deliverer,
    private readonly putOff: PutOffMessages,
    private readonly courier: CourierConfig,
    private readonly regain: RegainConfig,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  static forRoot(options: DeliveryOptions): DynamicModule {
    return {
      module: DeliveryModule,
      imports: [CourierModule],
      providers: [
        { provide: OPTIONS, useValue: options },
        { provide: TRANSPORT, inject: [CourierConfig, RegainConfig], useFactory: transportOf },
        ClaimMessages,
        FinishMessage,
        PutOffMessages,
        MailOf,
        Deliverer,
      ],
    };
  }

  /** A queue that cannot be used stops nothing but delivery: messages wait in the outbox. */
  async onApplicationBootstrap(): Promise<void> {
    const { queueUrl: url } = this.options;
    if (url === undefined || !this.courier.delivers) return;
    const queue = new JobQueue({ url, onTrouble: (trouble) => this.logger.warn({ trouble }, 'job queue') });
    this.#queue = queue;
    try {
      await queue.start();
      await queue.work({
        queue: 'courier',
        concurrency: BATCHES,
        batch: Math.ceil(this.regain.courier.concurrency / BATCHES),
        work: (ids) => this.deliverer.deliver(ids),
      });
      await queue.schedule('courier-sweep', EVERY_MINUTE);
      await queue.work({ queue: 'courier-sweep', concurrency: 1, batch: 1, work: () => this.#sweep() });
    } catch (error) {
      this.logger.error(
        { error: error instanceof Error ? error.name : 'unknown' },
        'no message is delivered: no job queue',
      );
    }
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#queue?.stop(GRACE);
    await this.deliverer.stop(GRACE);
  }

  async #sweep(): Promise<void> {
    const found = await this.putOff.sweep(OVERDUE, MOST_LOST);
    if (found > 0) this.logger.warn({ found }, 'messages without a job');
  }
}

function transportOf({ delivery_strategy, smtp, http }: CourierConfig, { courier }: RegainConfig): Transport {
  const { request_config: request } = http;
  if (delivery_strategy === 'http' && request.url !== undefined) return new HttpTransport(request.url, request);
  const { server } = smtp;
  if (delivery_strategy === 'smtp' && server !== undefined)
    return new SmtpTransport(smtp, server, {
      silence: courier.send_timeout.milliseconds,
      connections: courier.concurrency + MOST_ASIDE,
    });
  return NOWHERE;
}

/** Where nothing is delivered nothing asks for it. */
const NOWHERE: Transport = {
  send: () => Promise.resolve({ kind: 'trouble', error: { message: 'delivery is off' } }),
  close: () => undefined,
};
