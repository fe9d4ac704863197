import type { Io } from './io.js';

/** Runs a command; `work` resolves to the exit code. */
export type Run = (work: (io: Io) => Promise<number>) => Promise<void>;

/** The commands that need the application. Loading it takes seconds, so it happens only when one of them runs. */
export const services = (): Promise<typeof import('./service-commands.js')> => import('./service-commands.js');
