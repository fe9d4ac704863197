/** Work that every node does on a schedule. Several nodes may do it at the same moment. */
export interface Task {
  /** for the log */
  readonly name: string;
  /** cron expression */
  readonly schedule: string;
  run(): Promise<void>;
}

export const EVERY_MINUTE = '* * * * *';
