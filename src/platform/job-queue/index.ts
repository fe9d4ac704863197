/**
 * Job queue: work that a transaction requests and that any node does afterwards.
 *
 * Owns: the queue's schema and its upkeep (pg-boss), the SQL fragment that adds a job within another statement, the
 * workers.
 * Does not own: what a job means. A job holds an id, never data; its worker reads the row.
 */
export { type JobQueue } from './job-queue.js';
export { PatientJobQueue } from './patient-job-queue.js';
export { prepareJobQueue, jobQueueIsPending } from './job-queue-schema.js';
export { insertJob } from './sql.js';
