/**
 * Job queue: work that a transaction makes necessary and that is done after it, by any node.
 *
 * Owns: the queue's schema and its upkeep (pg-boss), the fragment that makes a job in somebody's statement, the workers.
 * Does not own: what a job means. A job holds an id, never data: whoever works on it reads the row.
 */
export { type JobQueue } from './job-queue.js';
export { PatientJobQueue } from './patient-job-queue.js';
export { prepareJobQueue, jobQueueIsPending } from './job-queue-schema.js';
export { insertJob } from './sql.js';
