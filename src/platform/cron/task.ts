/** Work that every node does on a schedule, possibly several nodes at once. */
export interface Task {
  /** for the log */
  readonly name: string;
  /** cron expression */
  readonly schedule: string;
  run(): Promise<void>;
}

export const EVERY_MINUTE = '* * * * *';
