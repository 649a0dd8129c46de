import { AppError } from '../kernel/errors.ts';

/** Throws AppError `job.duplicate` when two jobs have one name. */
export function jobsByName<Job extends { name: string }>(jobs: readonly Job[]): ReadonlyMap<string, Job> {
  const byName = new Map<string, Job>();
  for (const job of jobs) {
    if (byName.has(job.name)) throw new AppError('job.duplicate', `There are two jobs named "${job.name}"`);
    byName.set(job.name, job);
  }
  return byName;
}
