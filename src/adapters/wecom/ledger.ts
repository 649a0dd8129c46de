import { createHash } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { Dispatch, SendResult } from '../../chat/adapter.ts';
import type { Db } from '../../kernel/db.ts';
import { PlatformError } from '../../kernel/errors.ts';

/** One call that is about to be made, or made again. */
export interface OpenCall {
  /** The same for the same set of dispatches: also the task id of its card. */
  callId: string;
  /** For how long WeCom is asked to suppress a repeat; differs from call to call, see `intervalOf`. */
  intervalS: number;
  dispatches: readonly Dispatch[];
  /** The upload that an earlier attempt named. */
  mediaId: string | undefined;
  keepMedia(mediaId: string): Promise<void>;
}

/** WeCom suppresses a repeat for at least this long; we do not repeat in the last minutes of it. */
const LEAST_INTERVAL_S = 7_200;
const MOST_INTERVAL_S = 14_400;
const REPEAT_WITHIN_S = LEAST_INTERVAL_S - 300;

/**
 * WeCom tells a repeat by the body alone, so two equal texts that we mean to send twice would become one. The interval
 * is part of the body, may be anything up to four hours, and so tells them apart.
 */
export function intervalOf(callId: string): number {
  return (
    LEAST_INTERVAL_S + (Number.parseInt(callId.slice(0, 8), 16) % (MOST_INTERVAL_S - LEAST_INTERVAL_S + 1))
  );
}

export const callIdOf = (keys: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(keys)).digest('hex').slice(0, 40);

/**
 * Makes a call at most once with effect. What was answered before is answered again without a call. A call whose
 * answer was lost is repeated with the same body while WeCom would suppress the second; later, or when the set is
 * another one, what became of it is unknown and it is left alone.
 */
export async function sendOnce(
  db: Db,
  dispatches: readonly Dispatch[],
  send: (call: OpenCall) => Promise<SendResult[]>,
): Promise<SendResult[]> {
  if (dispatches.length === 0) return [];
  const fresh = await claim(db, dispatches);
  const results = new Map<string, SendResult>();
  const ours: Dispatch[] = [];
  for (const dispatch of dispatches) {
    const row = fresh.rows.get(dispatch.key);
    if (row?.result) results.set(dispatch.key, row.result);
    else if (row?.call_id === fresh.callId && row.repeatable) ours.push(dispatch);
    else results.set(dispatch.key, { kind: 'unknown' });
  }
  if (ours.length > 0) {
    const mediaId = fresh.rows.get(ours[0]?.key ?? '')?.media_id ?? undefined;
    const answered = await attempt(db, { callId: fresh.callId, dispatches: ours, mediaId }, send);
    for (const [index, { key }] of ours.entries()) results.set(key, answered[index] ?? { kind: 'unknown' });
  }
  return dispatches.map(({ key }) => results.get(key) ?? { kind: 'unknown' });
}

interface Row extends Record<string, unknown> {
  key: string;
  call_id: string;
  media_id: string | null;
  result: SendResult | null;
  repeatable: boolean;
}

/** Notes the keys that are new under one call, and reads what is known of all. */
async function claim(
  db: Db,
  dispatches: readonly Dispatch[],
): Promise<{ callId: string; rows: Map<string, Row> }> {
  const keys = dispatches.map(({ key }) => key);
  const all = JSON.stringify(keys);
  const known = await db.execute<Row>(sql`
    select key, call_id, media_id, result, tried_at > now() - ${REPEAT_WITHIN_S} * interval '1 second' as repeatable
    from wecom_sends where key in (select json_array_elements_text(${all}::json))`);
  const rows = new Map(known.rows.map((row) => [row.key, row]));
  const unknown = keys.filter((key) => !rows.has(key));
  const unanswered = keys.filter((key) => !rows.get(key)?.result);
  const callId = callIdOf(unanswered);
  if (unknown.length > 0) {
    // Whoever inserts a key first owns it; somebody else's row is then read as it is.
    const taken = await db.execute<Row>(sql`
      insert into wecom_sends (key, call_id, tried_at)
      select key, ${callId}, now() from json_array_elements_text(${JSON.stringify(unknown)}::json) as key
      on conflict (key) do update set key = excluded.key
      returning key, call_id, media_id, result, true as repeatable`);
    for (const row of taken.rows) rows.set(row.key, row);
  }
  return { callId, rows };
}

async function attempt(
  db: Db,
  call: { callId: string; dispatches: readonly Dispatch[]; mediaId: string | undefined },
  send: (call: OpenCall) => Promise<SendResult[]>,
): Promise<SendResult[]> {
  const { callId } = call;
  try {
    const results = await send({
      ...call,
      intervalS: intervalOf(callId),
      keepMedia: async (mediaId) => {
        await db.execute(sql`update wecom_sends set media_id = ${mediaId} where call_id = ${callId}`);
      },
    });
    await keepResults(db, call.dispatches, results);
    return results;
  } catch (error) {
    // Refused as a whole: nothing arrived, and the keys may go out in another set.
    if (!(error instanceof PlatformError && error.unanswered)) await forget(db, callId);
    throw error;
  }
}

async function keepResults(
  db: Db,
  dispatches: readonly Dispatch[],
  results: readonly SendResult[],
): Promise<void> {
  const rows = dispatches.map(({ key }, index) => ({ key, result: results[index] }));
  await db.execute(sql`
    update wecom_sends s set result = r.result
    from json_to_recordset(${JSON.stringify(rows)}::json) as r(key text, result jsonb) where s.key = r.key`);
}

async function forget(db: Db, callId: string): Promise<void> {
  await db.execute(sql`delete from wecom_sends where call_id = ${callId} and result is null`);
}

/** A key is not sent again after so long. */
const KEEP_HOURS = 48;

/** Removes what is of no use any more; cheap enough to be asked often. */
export async function forgetOldSends(db: Db): Promise<void> {
  await db.execute(sql`delete from wecom_sends where tried_at < now() - ${KEEP_HOURS} * interval '1 hour'`);
}
