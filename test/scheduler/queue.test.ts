import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { PlatformError } from '#src/kernel/errors.ts';
import { defineJob } from '#src/kernel/jobs.ts';
import { silentLog } from '#src/kernel/log.ts';
import { createQueue, type JobQueue, type JobQueueOptions } from '#src/scheduler/index.ts';
import { backends, eventually, type TestBackend, testBackend, withoutRedis } from './backends.ts';

if (withoutRedis) it.skip('the queue on Redis: redis-server is not on the PATH', () => undefined);

describe.each(backends)('the queue on %s', (kind) => {
  let backend: TestBackend;
  let open: JobQueue[] = [];
  /** What ran, in order. */
  let ran: string[] = [];
  /** Jobs of `test.gate` wait here until `openGate`. */
  let openGate: () => void = () => undefined;
  let gate: Promise<void> = Promise.resolve();

  const say = defineJob({
    name: 'test.say',
    payload: z.object({ text: z.string() }),
    run: async ({ text }) => {
      ran.push(text);
    },
  });
  const gated = defineJob({
    name: 'test.gate',
    payload: z.object({ text: z.string() }),
    run: async ({ text }) => {
      ran.push(`${text} begins`);
      await gate;
      ran.push(`${text} ends`);
    },
  });
  /** Throws what `failures` holds, one each time, and then succeeds. */
  let failures: unknown[] = [];
  const frail = defineJob({
    name: 'test.frail',
    payload: z.object({}),
    run: async (_payload, { attempt }) => {
      ran.push(`attempt ${attempt}`);
      const failure = failures.shift();
      if (failure !== undefined) throw failure;
    },
  });

  beforeAll(async () => {
    backend = await testBackend(kind);
    const first = queue();
    await first.ready();
    await first.close();
  });

  afterEach(async () => {
    openGate();
    for (const each of open) await each.close();
    open = [];
    ran = [];
    failures = [];
    await backend.flush();
  });

  afterAll(() => backend.close());

  function queue(change: Partial<JobQueueOptions> = {}): JobQueue {
    const made = createQueue({
      backend: backend.open(),
      jobs: [say, gated, frail],
      log: silentLog,
      concurrency: 1,
      retry: { attempts: 3, firstWaitMs: 20 },
      ...change,
    });
    open.push(made);
    return made;
  }

  function closeGate(): void {
    gate = new Promise((resolve) => {
      openGate = resolve;
    });
  }

  function platformError(fate: PlatformError['fate'], waitMs?: number): PlatformError {
    const failure = { platform: 'wecom', call: 'message/send', platformCode: '45009', fate };
    return new PlatformError(waitMs === undefined ? failure : { ...failure, waitMs });
  }

  it('runs what is added, one call or many, and keeps nothing of it', async () => {
    const jobs = queue();
    await jobs.enqueue(say.with({ text: 'one' }), { priority: 'answer' });
    await jobs.enqueue([say.with({ text: 'two' }), say.with({ text: 'three' })]);
    await jobs.start();
    await jobs.idle();
    expect(ran).toEqual(['one', 'two', 'three']);
    expect(await jobs.counts()).toEqual({ waiting: 0, active: 0, delayed: 0, failed: 0 });
  });

  it('takes answers before campaigns, each in their order', async () => {
    const jobs = queue();
    await jobs.enqueue([say.with({ text: 'campaign 1' }), say.with({ text: 'campaign 2' })], {
      priority: 'campaign',
    });
    await jobs.enqueue([say.with({ text: 'answer 1' }), say.with({ text: 'answer 2' })], {
      priority: 'answer',
    });
    await jobs.start();
    await jobs.idle();
    expect(ran).toEqual(['answer 1', 'answer 2', 'campaign 1', 'campaign 2']);
  });

  it('counts the same id once while it is pending, and runs it again afterwards', async () => {
    const jobs = queue();
    await jobs.enqueue(say.with({ text: 'first' }), { id: 'batch:7' });
    await jobs.enqueue([
      { ...say.with({ text: 'second' }), id: 'batch:7' },
      { ...say.with({ text: 'other' }), id: '7' },
    ]);
    await jobs.start();
    await jobs.idle();
    expect(ran).toEqual(['first', 'other']);
    await jobs.enqueue(say.with({ text: 'third' }), { id: 'batch:7' });
    await jobs.idle();
    expect(ran).toEqual(['first', 'other', 'third']);
  });

  it('keeps ids of different jobs apart', async () => {
    const jobs = queue();
    await jobs.enqueue(say.with({ text: 'said' }), { id: '1' });
    await jobs.enqueue(frail.with({}), { id: '1' });
    await jobs.start();
    await jobs.idle();
    expect(ran.sort()).toEqual(['attempt 1', 'said']);
  });

  it('takes an id again after its job has failed for good', async () => {
    const jobs = queue();
    failures = [platformError('give-up')];
    await jobs.enqueue(frail.with({}), { id: '1' });
    await jobs.start();
    await jobs.idle();
    await jobs.enqueue(frail.with({}), { id: '1' });
    await jobs.idle();
    expect(ran).toEqual(['attempt 1', 'attempt 1']);
  });

  it('tries a job that throws again, and gives up after its attempts', async () => {
    const jobs = queue();
    failures = Array.from({ length: 10 }, () => new Error('no luck'));
    await jobs.start();
    await jobs.enqueue(frail.with({}));
    await eventually(async () => (await jobs.counts()).failed === 1);
    expect(ran).toEqual(['attempt 1', 'attempt 2', 'attempt 3']);
  });

  it.each(['retry', 'sign-in'] as const)('counts an attempt when the fate is %s', async (fate) => {
    const jobs = queue();
    failures = [platformError(fate)];
    await jobs.start();
    await jobs.enqueue(frail.with({}));
    await eventually(async () => ran.length === 2);
    expect(ran).toEqual(['attempt 1', 'attempt 2']);
  });

  it('waits as long as the platform asks, which costs no attempt', async () => {
    const jobs = queue();
    failures = Array.from({ length: 5 }, () => platformError('wait', 30));
    await jobs.start();
    await jobs.enqueue(frail.with({}));
    await eventually(async () => ran.length === 6);
    await jobs.idle();
    expect(ran).toEqual(Array.from({ length: 6 }, () => 'attempt 1'));
    expect(await jobs.counts()).toEqual({ waiting: 0, active: 0, delayed: 0, failed: 0 });
  });

  it('is not idle while somebody who did not wait is adding a job', async () => {
    const jobs = queue();
    await jobs.start();
    void jobs.enqueue(say.with({ text: 'soon' }));
    await jobs.idle();
    expect(ran).toEqual(['soon']);
  });

  it('is idle while a job waits for the platform, and says that it is delayed', async () => {
    const jobs = queue();
    failures = [platformError('wait', 3_600_000)];
    await jobs.start();
    await jobs.enqueue(frail.with({}));
    await jobs.idle();
    expect(await jobs.counts()).toMatchObject({ active: 0, delayed: 1 });
  });

  it('does not try again what the platform will never take', async () => {
    const jobs = queue();
    failures = [platformError('give-up')];
    await jobs.start();
    await jobs.enqueue(frail.with({}));
    await jobs.idle();
    expect(ran).toEqual(['attempt 1']);
    expect(await jobs.counts()).toMatchObject({ failed: 1 });
  });

  it('holds a delayed job back until its time', async () => {
    const jobs = queue();
    const added = Date.now();
    await jobs.start();
    await jobs.enqueue(say.with({ text: 'later' }), { delayMs: 300 });
    await jobs.enqueue(say.with({ text: 'now' }));
    await eventually(async () => ran.length === 2);
    expect(ran).toEqual(['now', 'later']);
    expect(Date.now() - added).toBeGreaterThanOrEqual(300);
  });

  it('refuses a payload that the job does not take, names the field, keeps the value to itself, adds nothing', async () => {
    const jobs = queue();
    const added = jobs.enqueue([say.with({ text: 'good' }), { job: 'test.say', payload: { text: 4711 } }]);
    await expect(added).rejects.toMatchObject({
      code: 'job.payload',
      message: 'job "test.say" does not take this payload: text: invalid_type',
    });
    expect(await jobs.counts()).toMatchObject({ waiting: 0 });
  });

  it('does not run a payload that its job no longer takes', async () => {
    const older = defineJob({ ...say, payload: z.object({ text: z.any() }) });
    await queue({ jobs: [older] }).enqueue({ job: 'test.say', payload: { text: 4711 } });
    const jobs = queue();
    await jobs.start();
    await jobs.idle();
    expect(ran).toEqual([]);
    expect(await jobs.counts()).toMatchObject({ failed: 1 });
  });

  it('refuses a job that does not exist', async () => {
    await expect(queue().enqueue({ job: 'test.none', payload: {} })).rejects.toMatchObject({
      code: 'job.unknown',
    });
  });

  it('takes two jobs of one name for a mistake, and says which', () => {
    expect(() => queue({ jobs: [say, say] })).toThrow(
      expect.objectContaining({ code: 'job.duplicate', message: 'There are two jobs named "test.say"' }),
    );
  });

  it('takes nothing while it is paused, and goes on after start', async () => {
    const jobs = queue();
    await jobs.start();
    await jobs.pause();
    await jobs.enqueue(say.with({ text: 'patient' }));
    await jobs.start();
    await jobs.idle();
    expect(ran).toEqual(['patient']);
  });

  it('finishes what is in hand when it closes, and takes nothing more', async () => {
    const jobs = queue();
    closeGate();
    await jobs.enqueue([gated.with({ text: 'a' }), gated.with({ text: 'b' })]);
    await jobs.start();
    await eventually(async () => ran.length === 1);
    const closed = jobs.close();
    openGate();
    await closed;
    expect(ran).toEqual(['a begins', 'a ends']);
    expect(await queue().counts()).toMatchObject({ waiting: 1, active: 0 });
  });

  it('hands back what it cannot finish in time, and another process does it', async () => {
    const jobs = queue();
    closeGate();
    await jobs.enqueue(gated.with({ text: 'a' }));
    await jobs.start();
    await eventually(async () => ran.length === 1);
    await jobs.close({ withinMs: 50 });
    const other = queue();
    expect(await other.counts()).toEqual({ waiting: 1, active: 0, delayed: 0, failed: 0 });
    openGate();
    await eventually(async () => ran.length === 2);
    await other.start();
    await other.idle();
    expect(ran).toEqual(['a begins', 'a ends', 'a begins', 'a ends']);
  });

  it('closes also when its server is gone', async () => {
    const own = await testBackend(kind);
    const jobs = queue({ backend: own.open() });
    await jobs.start();
    await jobs.enqueue(say.with({ text: 'a' }));
    await jobs.idle();
    await own.close();
    await expect(jobs.enqueue(say.with({ text: 'b' }))).rejects.toThrow();
    await jobs.close();
    expect(ran).toEqual(['a']);
  });

  it('takes over the job of a worker that was killed', async () => {
    const script = fileURLToPath(new URL('./stuck-process.ts', import.meta.url));
    const args = ['--import', 'tsx', script, backend.database.url];
    const child = spawn(
      process.execPath,
      backend.redisUrl === undefined ? args : [...args, backend.redisUrl],
      {
        stdio: 'inherit',
      },
    );
    const jobs = queue();
    await jobs.enqueue(say.with({ text: 'taken over' }));
    await eventually(async () => (await jobs.counts()).active === 1);
    child.kill('SIGKILL');
    await once(child, 'exit');
    await jobs.start();
    await jobs.idle();
    expect(ran).toEqual(['taken over']);
  }, 60_000);
});
