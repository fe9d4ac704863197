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
import { type JobQueue, PatientJobQueue } from '../../platform/job-queue/index.js';
import { Outbound } from '../../platform/outbound/index.js';
import { CourierModule } from '../courier.module.js';
import { ClaimMessages } from '../hot/claim-messages.js';
import { FinishMessage } from '../hot/finish-message.js';
import { PutOffMessages } from '../hot/put-off-messages.js';
import { readClientCertificate } from './client-certificate.js';
import { Deliverer, MOST_ASIDE } from './deliverer.js';
import { HttpTransport } from './http-transport.js';
import { LostKeys } from './lost-keys.js';
import { MailOf } from './mail-of.js';
import { SmtpTransport } from './smtp-transport.js';
import { type Transport, TRANSPORT } from './transport.js';

interface DeliveryOptions {
  /** postgres:// URL of the job queue; undefined: this process delivers nothing */
  readonly queueUrl: string | undefined;
}

const OPTIONS = Symbol('DELIVERY_OPTIONS');

/** Milliseconds to finish running messages when the server stops. */
const GRACE = 5_000;
/** Number of parallel batches. */
const BATCHES = 4;
const EVERY_MINUTE = '* * * * *';
/** Seconds until an overdue message's job counts as lost. `MOST_LOST` limits how many get a new job per minute. */
const OVERDUE = 600;
const MOST_LOST = 1_000;
/** Why the queue did not start: if the database is up, the schema is incomplete or its user lacks rights. */
const NO_QUEUE =
  'no message is delivered: the job queue did not start. Unless the database is down: run regain migrate, ' +
  'or grant the user in dsn USAGE on schema regain_queue and access to its tables';

/** Delivers the outbox, only in servers and in the configured way. */
@Module({})
export class DeliveryModule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  #queue: PatientJobQueue | undefined;

  constructor(
    @Inject(OPTIONS) private readonly options: DeliveryOptions,
    private readonly deliverer: Deliverer,
    private readonly putOff: PutOffMessages,
    private readonly lostKeys: LostKeys,
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
        {
          provide: Outbound,
          inject: [RegainConfig],
          useFactory: ({ courier }: RegainConfig) => new Outbound({ connections: courier.concurrency + MOST_ASIDE }),
        },
        { provide: TRANSPORT, inject: [OPTIONS, CourierConfig, RegainConfig, Outbound], useFactory: transportOf },
        LostKeys,
        ClaimMessages,
        FinishMessage,
        PutOffMessages,
        MailOf,
        Deliverer,
      ],
    };
  }

  /**
   * A queue that fails to start stops only delivery: messages wait in the outbox. Readiness stays green, because
   * everything else works here. The start is retried until it succeeds.
   */
  async onApplicationBootstrap(): Promise<void> {
    const { queueUrl: url } = this.options;
    if (url === undefined || !this.courier.delivers) return;
    await this.lostKeys.warn();
    this.#queue = new PatientJobQueue({
      url,
      onTrouble: (trouble) => this.logger.warn({ trouble }, 'job queue'),
      begin: (queue) => this.#begin(queue),
      onFailure: (trouble, again_in_seconds) => this.logger.error({ trouble, again_in_seconds }, NO_QUEUE),
      onRecovery: () => this.logger.info('the job queue has started: messages are being delivered'),
    });
    await this.#queue.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#queue?.stop(GRACE);
    await this.deliverer.stop(GRACE);
  }

  async #begin(queue: JobQueue): Promise<void> {
    await queue.work({
      queue: 'courier',
      concurrency: BATCHES,
      batch: Math.ceil(this.regain.courier.concurrency / BATCHES),
      work: (ids) => this.deliverer.deliver(ids),
    });
    await queue.schedule('courier-sweep', EVERY_MINUTE);
    await queue.work({ queue: 'courier-sweep', concurrency: 1, batch: 1, work: () => this.#sweep() });
  }

  async #sweep(): Promise<void> {
    const found = await this.putOff.sweep(OVERDUE, MOST_LOST);
    if (found > 0) this.logger.warn({ found }, 'messages without a job');
  }
}

async function transportOf(
  { queueUrl }: DeliveryOptions,
  config: CourierConfig,
  { courier }: RegainConfig,
  outbound: Outbound,
): Promise<Transport> {
  if (queueUrl === undefined) return NOWHERE; // commands may run where the files are not readable
  const { delivery_strategy, smtp, http } = config;
  const { request_config: request } = http;
  if (delivery_strategy === 'http' && request.url !== undefined)
    return new HttpTransport(request.url, request, outbound, courier.send_timeout.milliseconds);
  const { server } = smtp;
  if (delivery_strategy === 'smtp' && server !== undefined)
    return new SmtpTransport(smtp, server, {
      silence: courier.send_timeout.milliseconds,
      connections: courier.concurrency + MOST_ASIDE,
      certificate: await readClientCertificate(config),
    });
  return NOWHERE;
}

/** Never called where delivery is off. */
const NOWHERE: Transport = {
  send: () => Promise.resolve({ kind: 'trouble', error: { message: 'delivery is off' } }),
  close: () => undefined,
};
