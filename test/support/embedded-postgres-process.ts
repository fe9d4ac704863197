// Holds an embedded database in its own process, so that a test can kill it. Usage: ROLE DIRECTORY
import { startEmbedded } from '../../src/platform/embedded-postgres/index.js';

const [role, directory] = process.argv.slice(2);
if (role !== 'owner' && role !== 'command' && role !== 'temporary') throw new Error('usage: ROLE DIRECTORY');
const database = await startEmbedded({ role, directory: directory ?? '' });
process.stdout.write(`${JSON.stringify({ url: database.url, directory: database.directory })}\n`);
process.stdin.once('end', () => void database.stop());
process.stdin.resume();
