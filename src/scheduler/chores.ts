import { type ScheduledTask, schedule } from 'node-cron';
import type { Log } from '../kernel/log.ts';

/** What every process must do for itself, such as refreshing an index. What the fleet must do once is a schedule. */
export interface Chores {
  /** `cron` is read in UTC, with five fields or six (seconds first). A run that is still going is not doubled. */
  every(name: string, cron: string, run: () => Promise<void> | void): void;
  /** Resolves when the runs in hand have ended. */
  stop(): Promise<void>;
}

export function createChores(log: Log): Chores {
  const tasks: ScheduledTask[] = [];
  const inHand = new Set<Promise<void>>();

  async function carefully(name: string, run: () => Promise<void> | void): Promise<void> {
    try {
      await run();
    } catch (err) {
      log.error({ chore: name, err }, 'chore failed');
    }
  }

  return {
    every(name, cron, run) {
      let busy = false;
      const task = schedule(
        cron,
        async () => {
          if (busy) return;
          busy = true;
          const running = carefully(name, run);
          inHand.add(running);
          await running;
          inHand.delete(running);
          busy = false;
        },
        { name, timezone: 'UTC', suppressMissedWarning: true },
      );
      tasks.push(task);
    },
    async stop() {
      for (const task of tasks.splice(0)) await task.destroy();
      await Promise.all(inHand);
    },
  };
}
