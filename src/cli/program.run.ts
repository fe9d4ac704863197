import type { Io } from './io.js';

/** Does the work of a command: what it resolves to is the exit code. */
export type Run = (work: (io: Io) => Promise<number>) => Promise<void>;

/** The commands that need the application; it takes seconds to load, so only when one of them runs. */
export const services = (): Promise<typeof import('./service-commands.js')> => import('./service-commands.js');
