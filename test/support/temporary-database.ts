import { startEmbedded } from '../../src/platform/embedded-postgres/index.js';

/** A real, empty PostgreSQL of the test's own; `url` is the unprivileged role's. Stop it, and nothing is left. */
export async function temporaryDatabase(): Promise<{ url: string; stop(): Promise<void> }> {
  const { url, stop } = await startEmbedded({ directory: '', role: 'temporary' });
  return { url, stop };
}
