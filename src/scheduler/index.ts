export { type QueueBackend, type QueueBackendOptions, queueBackend } from './backend.ts';
export { type Chores, createChores } from './chores.ts';
export type { Tally } from './fire.ts';
export type { ScheduleDefinition, When } from './put.ts';
export {
  createQueue,
  type EnqueueOptions,
  type JobQueue,
  type JobQueueOptions,
  type QueueCall,
  type QueueCounts,
} from './queue.ts';
export { QUEUE_PAGES, queuePages } from './queue-pages.ts';
export { redisClient } from './redis-client.ts';
export type { Misfire } from './scheduler.tables.ts';
export { createScheduler, type Scheduler, type SchedulerOptions } from './scheduler.ts';
