/** The queue's schema, separate from ours. */
export const QUEUE_SCHEMA = 'regain_queue';

/** All queues. A job goes to another worker after `expireInSeconds`. */
export const QUEUES = { courier: { expireInSeconds: 20 }, 'courier-sweep': { expireInSeconds: 60 } } as const;
export type QueueName = keyof typeof QUEUES;
