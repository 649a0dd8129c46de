import { z } from 'zod';
import { AppError } from '../kernel/errors.ts';
import { Temporal } from '../kernel/time.ts';
import { type ApiRoutes, instantInput } from './api.ts';
import { type Principal, principalOf } from './auth.ts';

export interface ClockControl {
  mode: 'system' | 'manual';
  now(): Temporal.Instant;
  /** Moves on to `to` and fires in order what falls due on the way. Calls never overlap and never go back. */
  advance(to: Temporal.Instant, by: Principal): Promise<void>;
}

const clockShape = z.object({ mode: z.enum(['system', 'manual']), now: z.iso.datetime() });

/** The clock of rehearsals: what time it is, and moving it on. */
export function clockRoutes(clock: ClockControl): ApiRoutes {
  let last: Promise<void> = Promise.resolve();
  const reading = () => ({ mode: clock.mode, now: clock.now().toString() });

  async function advance(to: Temporal.Instant, by: Principal): Promise<void> {
    const now = clock.now();
    if (Temporal.Instant.compare(to, now) < 0) {
      const details = { now: now.toString(), requested: to.toString() };
      throw new AppError('clock.backward', `the clock stands at ${details.now}, after ${details.requested}`, {
        details,
      });
    }
    await clock.advance(to, by);
  }

  return (api) => {
    api.get(
      '/clock',
      {
        config: { permission: 'clock.read' },
        schema: { summary: 'What time it is', tags: ['clock'], response: { 200: clockShape } },
      },
      async () => reading(),
    );

    api.post(
      '/clock',
      {
        config: { permission: 'clock.set' },
        schema: {
          summary: 'Move the manual clock on; everything that falls due on the way fires in order',
          tags: ['clock'],
          body: z.strictObject({ now: instantInput }),
          response: { 200: clockShape },
        },
      },
      async (request) => {
        if (clock.mode === 'system') {
          throw new AppError('clock.not-manual', 'start with CUHUO_CLOCK=manual to move the clock');
        }
        // One after the other: each finds the clock where the one before left it, also when that one failed.
        const mine = last.then(() => advance(request.body.now, principalOf(request)));
        last = mine.catch(() => undefined);
        await mine;
        return reading();
      },
    );
  };
}
