/** The queue's own schema, beside ours. */
export const QUEUE_SCHEMA = 'regain_queue';

/** Every queue there is, with the seconds after which a job is given to another worker. */
export const QUEUES = { courier: { expireInSeconds: 20 }, 'courier-sweep': { expireInSeconds: 60 } } as const;
export type QueueName = keyof typeof QUEUES;
