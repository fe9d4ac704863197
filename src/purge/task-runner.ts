import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { nameOf } from '../platform/errors/index.js';
import type { Task } from '../platform/cron/index.js';
import { LOGGER } from '../platform/http/index.js';

/** Runs a task. Never rejects: a failure is logged, and the task runs again at its next scheduled time. */
@Injectable()
export class TaskRunner {
  constructor(@Inject(LOGGER) private readonly logger: Logger) {}

  async run(task: Task): Promise<void> {
    try {
      await task.run();
    } catch (error) {
      this.logger.error({ task: task.name, code: nameOf(error) }, 'task failed');
    }
  }
}
