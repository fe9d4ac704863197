import { type DynamicModule, Inject, Module, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { ScheduleModule, SchedulerRegistry } from '@nestjs/schedule';
import { CronJob } from 'cron';
import { type Task } from '../platform/cron/index.js';
import { PURGEABLE, type PurgeableSource } from '../platform/database/index.js';
import { PurgeService } from './purge.service.js';
import { TaskRunner } from './task-runner.js';

interface PurgeOptions {
  /** cron expression; undefined: only on demand */
  readonly schedule: string | undefined;
  readonly keepSeconds: number;
  /** the modules that own the sources, and the sources in the order in which they run */
  readonly imports: DynamicModule['imports'];
  readonly sources: (abstract new (...args: never[]) => PurgeableSource)[];
  /** other scheduled work, which never runs on demand */
  readonly tasks: (abstract new (...args: never[]) => Task)[];
}

const OPTIONS = Symbol('PURGE_OPTIONS');
const TASKS = Symbol('TASKS');

@Module({})
export class PurgeModule implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #jobs: CronJob[] = [];

  constructor(
    private readonly registry: SchedulerRegistry,
    private readonly service: PurgeService,
    private readonly runner: TaskRunner,
    @Inject(OPTIONS) private readonly options: PurgeOptions,
    @Inject(TASKS) private readonly tasks: readonly Task[],
  ) {}

  static forRoot(options: PurgeOptions): DynamicModule {
    return {
      module: PurgeModule,
      imports: [ScheduleModule.forRoot(), ...(options.imports ?? [])],
      providers: [
        PurgeService,
        TaskRunner,
        { provide: OPTIONS, useValue: options },
        {
          provide: PURGEABLE,
          inject: options.sources,
          useFactory: (...sources: PurgeableSource[]) => sources.flatMap((source) => source.purgeables()),
        },
        { provide: TASKS, inject: options.tasks, useFactory: (...tasks: Task[]) => tasks },
      ],
      exports: [PurgeService],
    };
  }

  onApplicationBootstrap(): void {
    const { schedule, keepSeconds } = this.options;
    if (schedule === undefined) return;
    this.#schedule('purge', schedule, () => this.service.tick(keepSeconds));
    for (const task of this.tasks) this.#schedule(task.name, task.schedule, () => this.runner.run(task), true);
  }

  async onModuleDestroy(): Promise<void> {
    for (const job of this.#jobs) await job.stop();
  }

  /** @param waitForCompletion runs one at a time, and shutdown waits for it */
  #schedule(name: string, cronTime: string, onTick: () => Promise<void>, waitForCompletion = false): void {
    const job = CronJob.from({ cronTime, onTick, start: true, waitForCompletion });
    this.#jobs.push(job);
    this.registry.addCronJob(name, job as never);
  }
}
