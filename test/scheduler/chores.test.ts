import { describe, expect, it } from '@jest/globals';
import { silentLog } from '#src/kernel/log.ts';
import { createChores } from '#src/scheduler/index.ts';
import { eventually } from './backends.ts';

const EVERY_SECOND = '* * * * * *';

describe('chores', () => {
  it('run again and again, also after one has failed', async () => {
    const chores = createChores(silentLog);
    let runs = 0;
    chores.every('fails first', EVERY_SECOND, () => {
      runs += 1;
      if (runs === 1) throw new Error('no luck');
    });
    await eventually(async () => runs >= 2);
    await chores.stop();
    expect(runs).toBeGreaterThanOrEqual(2);
  });

  it('do not overlap, and stop waits for the run in hand', async () => {
    const chores = createChores(silentLog);
    let begun = 0;
    let ended = 0;
    let others = 0;
    let release: () => void = () => undefined;
    chores.every('slow', EVERY_SECOND, async () => {
      begun += 1;
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      ended += 1;
    });
    chores.every('quick', EVERY_SECOND, () => {
      others += 1;
    });
    // Two further turns have come for the one, while the other was at work.
    await eventually(async () => begun === 1 && others >= 3);
    expect(begun).toBe(1);
    const stopped = chores.stop();
    release();
    await stopped;
    expect(ended).toBe(1);
  });

  it('refuse a cron that cannot be read', () => {
    expect(() => createChores(silentLog).every('never', 'now and then', () => undefined)).toThrow();
  });
});
