import { validateCronExpression } from 'cron';

/** True for what the scheduler can run: five fields, six with seconds first, or a name such as `@daily`. */
export const isCron = (text: string): boolean => validateCronExpression(text).valid;
