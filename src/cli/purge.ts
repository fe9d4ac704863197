import type { PurgeService } from '../purge/index.js';
import type { Io } from './io.js';

/** Removes what has ended for longer than the configured time, now. */
export async function runPurge(
  purge: PurgeService,
  keepSeconds: number,
  format: 'text' | 'json',
  io: Io,
): Promise<number> {
  const reports = await purge.run(keepSeconds);
  if (format === 'json') io.out(JSON.stringify(reports));
  else for (const { name, removed } of reports) io.out(`${String(removed).padStart(8)}  ${name}`);
  return 0;
}
