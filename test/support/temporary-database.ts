import { startEmbedded } from '../../src/platform/embedded-postgres/index.js';

/** A real, empty PostgreSQL for one test; `url` uses the unprivileged role. Stopping it removes everything. */
export async function temporaryDatabase(): Promise<{ url: string; stop(): Promise<void> }> {
  const { url, stop } = await startEmbedded({ directory: '', role: 'temporary' });
  return { url, stop };
}
