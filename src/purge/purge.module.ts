import { type DynamicModule, Inject, Module, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { ScheduleModule, SchedulerRegistry } from '@nestjs/schedule';
import { CronJob } from 'cron';
import { PURGEABLE, type PurgeableSource } from '../platform/database/index.js';
import { PurgeService } from './purge.service.js';

interface PurgeOptions {
  /** cron expression; undefined: only on command */
  readonly schedule: string | undefined;
  readonly keepSeconds: number;
  /** the modules that own the sources, and the sources in the order in which they run */
  readonly imports: DynamicModule['imports'];
  readonly sources: (abstract new (...args: never[]) => PurgeableSource)[];
}

const OPTIONS = Symbol('PURGE_OPTIONS');

@Module({})
export class PurgeModule implements OnApplicationBootstrap, OnModuleDestroy {
  #job: CronJob | undefined;

  constructor(
    private readonly registry: SchedulerRegistry,
    private readonly service: PurgeService,
    @Inject(OPTIONS) private readonly options: PurgeOptions,
  ) {}

  static forRoot(options: PurgeOptions): DynamicModule {
    return {
      module: PurgeModule,
      imports: [ScheduleModule.forRoot(), ...(options.imports ?? [])],
      providers: [
        PurgeService,
        { provide: OPTIONS, useValue: options },
        {
          provide: PURGEABLE,
          inject: options.sources,
          useFactory: (...sources: PurgeableSource[]) => sources.flatMap((source) => source.purgeables()),
        },
      ],
      exports: [PurgeService],
    };
  }

  onApplicationBootstrap(): void {
    const { schedule, keepSeconds } = this.options;
    if (schedule === undefined) return;
    this.#job = CronJob.from({ cronTime: schedule, onTick: () => this.service.tick(keepSeconds), start: true });
    this.registry.addCronJob('purge', this.#job as never);
  }

  async onModuleDestroy(): Promise<void> {
    await this.#job?.stop();
  }
}
