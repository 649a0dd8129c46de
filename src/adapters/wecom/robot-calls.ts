import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { Log } from '../../kernel/log.ts';
import { reasonOf } from './reason.ts';

/** A group message for the robot, as one process hands it to another. */
export interface RobotCall {
  chatId: string;
  body?: Record<string, unknown>;
  file?: { path: string; name: string };
  /** A picture of its own. */
  image?: { path: string };
  [more: string]: unknown;
}

type RobotAnswer =
  | { kind: 'done' }
  | { kind: 'failed'; code: string; fate: PlatformError['fate']; waitMs?: number; unanswered: boolean };

const PATIENCE_MS = 15_000;
const ASK_AGAIN_MS = 100;
const LOOK_EVERY_MS = 250;

/**
 * Asks whichever process holds the robot's connection to send. Rejects with PlatformError: `retry` when nobody took
 * the call in time (it is then withdrawn), `unanswered` when somebody took it and did not come back.
 */
export async function askOwner(db: Db, call: RobotCall): Promise<void> {
  const { rows } = await db.execute<{ id: string }>(sql`
    insert into wecom_robot_calls (call, asked_at) values (${JSON.stringify(call)}::jsonb, now()) returning id`);
  const id = rows[0]?.id ?? '';
  const until = performance.now() + PATIENCE_MS;
  while (performance.now() < until) {
    const answer = await takeAnswer(db, id);
    if (answer?.kind === 'done') return;
    if (answer !== undefined) {
      const { code, fate, waitMs, unanswered } = answer;
      throw failed(code, fate, unanswered, waitMs);
    }
    await sleep(ASK_AGAIN_MS);
  }
  const withdrawn = await db.execute<{ taken: boolean }>(
    sql`delete from wecom_robot_calls where id = ${id} returning taken_at is not null as taken`,
  );
  throw failed('NO_OWNER', 'retry', withdrawn.rows[0]?.taken === true);
}

async function takeAnswer(db: Db, id: string): Promise<RobotAnswer | undefined> {
  const { rows } = await db.execute<{ answer: RobotAnswer }>(
    sql`delete from wecom_robot_calls where id = ${id} and answer is not null returning answer`,
  );
  return rows[0]?.answer;
}

function failed(
  platformCode: string,
  fate: PlatformError['fate'],
  unanswered: boolean,
  waitMs?: number,
): PlatformError {
  return new PlatformError({
    platform: 'wecom',
    call: 'aibot_send_msg',
    platformCode,
    fate,
    unanswered,
    ...(waitMs === undefined ? {} : { waitMs }),
  });
}

/** Works off what other processes ask for, as long as the connection is ours. */
export function serveCalls(
  db: Db,
  log: Log,
  perform: (call: RobotCall) => Promise<void>,
): { stop(): Promise<void> } {
  let stopped = false;
  let round: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    round = round.then(look).catch((error: unknown) => {
      log.warn({ platform: 'wecom', reason: reasonOf(error) }, 'calls for the robot could not be read');
    });
  }, LOOK_EVERY_MS);
  timer.unref();

  async function look(): Promise<void> {
    if (stopped) return;
    const { rows } = await db.execute<{ id: string; call: RobotCall }>(sql`
      update wecom_robot_calls set taken_at = now() where id in (
        select id from wecom_robot_calls where taken_at is null order by id limit 20 for update skip locked)
      returning id, call`);
    for (const { id, call } of rows) {
      const answer = await perform(call).then((): RobotAnswer => ({ kind: 'done' }), answerOf);
      await db.execute(
        sql`update wecom_robot_calls set answer = ${JSON.stringify(answer)}::jsonb where id = ${id}`,
      );
    }
  }

  return {
    async stop() {
      stopped = true;
      clearInterval(timer);
      await round;
    },
  };
}

function answerOf(error: unknown): RobotAnswer {
  if (!(error instanceof PlatformError))
    return { kind: 'failed', code: 'FAILED', fate: 'give-up', unanswered: false };
  const { platformCode: code, fate, waitMs, unanswered } = error;
  return { kind: 'failed', code, fate, unanswered, ...(waitMs === undefined ? {} : { waitMs }) };
}

/** Calls whose asker died; they are not sent by anybody any more. */
export async function forgetOldCalls(db: Db): Promise<void> {
  await db.execute(sql`delete from wecom_robot_calls where asked_at < now() - interval '1 hour'`);
}
