import type { PurgeService } from '../purge/index.js';
import type { Io } from './io.js';

/** Removes what expired longer ago than the configured time. Exit code: 0 all removed, 1 something could not be removed. */
export async function runPurge(
  purge: PurgeService,
  keepSeconds: number,
  format: 'text' | 'json',
  io: Io,
): Promise<number> {
  const reports = await purge.run(keepSeconds);
  if (format === 'json') io.out(JSON.stringify(reports));
  else for (const { name, removed } of reports) io.out(`${String(removed).padStart(8)}  ${name}`);
  const failed = reports.filter((report) => report.failed !== undefined);
  for (const report of failed) io.err(`cannot purge ${report.name}: ${report.failed}`);
  return failed.length > 0 ? 1 : 0;
}
