import { newKey, type World } from './world.ts';

/** What came back for one attempt to deliver. */
export interface Attempt {
  /** HTTP 200, or code 200 over the long connection, within three seconds. */
  ok: boolean;
  /** The HTTP status; over the long connection its `code`; 0 when nothing came in time. */
  status: number;
  /** The JSON of the answer; of the long connection its decoded `data`. */
  reply: unknown;
}

export type Transport = (envelope: Envelope, timeoutMs: number) => Promise<Attempt>;

export interface Envelope {
  schema: '2.0';
  header: {
    event_id: string;
    event_type: string;
    create_time: string;
    token: string;
    app_id: string;
    tenant_key: string;
  };
  event: Record<string, unknown>;
}

export interface Events {
  /** Tells the app; resolves after the first attempt. What failed is tried again after 15 s, 5 min, 1 h and 6 h. */
  emit(type: string, event: Record<string, unknown>): Promise<Attempt>;
  /** A callback is tried once and its answer counts. */
  call(type: string, event: Record<string, unknown>): Promise<Attempt>;
  /** Delivers the last event again as it was, or with a new `event_id` as also happens. */
  redeliver(options?: { newEventId?: boolean }): Promise<Attempt>;
  /** Tries everything whose time has come; answers what became of it. */
  deliverDue(): Promise<Attempt[]>;
  /** When the next retry is due, by the simulator's clock. */
  nextDueMs(): number | undefined;
  /** What was given up after the last retry. */
  lost: Envelope[];
}

export const WINDOW_MS = 3_000;
const RETRY_AFTER_MS = [15_000, 300_000, 3_600_000, 21_600_000];
const MOST_LOST = 1_000;

export function createEvents(options: {
  world: World;
  now: () => number;
  verificationToken: string;
  transport: Transport;
}): Events {
  const { world, now, verificationToken, transport } = options;
  const waiting: { envelope: Envelope; tries: number; dueMs: number }[] = [];
  const lost: Envelope[] = [];
  let last: Envelope | undefined;

  function envelopeOf(type: string, event: Record<string, unknown>, createTime: string): Envelope {
    const header = {
      event_id: newKey(''),
      event_type: type,
      create_time: createTime,
      token: verificationToken,
      app_id: world.appId,
      tenant_key: world.tenantKey,
    };
    return { schema: '2.0', header, event };
  }

  async function attempt(envelope: Envelope, tries: number): Promise<Attempt> {
    const result = await transport(envelope, WINDOW_MS);
    if (result.ok) return result;
    const wait = RETRY_AFTER_MS[tries];
    if (wait !== undefined) waiting.push({ envelope, tries: tries + 1, dueMs: now() + wait });
    else if (lost.length < MOST_LOST) lost.push(envelope);
    return result;
  }

  return {
    lost,
    emit(type, event) {
      last = envelopeOf(type, event, String(now()));
      return attempt(last, 0);
    },
    call(type, event) {
      // Callback pages show microseconds where event pages show milliseconds.
      last = envelopeOf(type, event, String(now() * 1_000));
      return transport(last, WINDOW_MS);
    },
    async redeliver({ newEventId = false } = {}) {
      if (last === undefined) throw new Error('nothing was delivered yet');
      const header = newEventId ? { ...last.header, event_id: newKey('') } : last.header;
      return transport({ ...last, header }, WINDOW_MS);
    },
    async deliverDue() {
      const due = waiting.filter(({ dueMs }) => dueMs <= now());
      for (const one of due) waiting.splice(waiting.indexOf(one), 1);
      const results: Attempt[] = [];
      for (const { envelope, tries } of due) results.push(await attempt(envelope, tries));
      return results;
    },
    nextDueMs: () => (waiting.length === 0 ? undefined : Math.min(...waiting.map(({ dueMs }) => dueMs))),
  };
}
