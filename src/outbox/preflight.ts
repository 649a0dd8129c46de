import { sql } from 'drizzle-orm';
import type { ChannelAdapter } from '../chat/adapter.ts';
import { type Message, messageSchema } from '../chat/message.ts';
import type { Way } from '../chat/quota.ts';
import { groupBy } from '../kernel/collections.ts';
import type { Db } from '../kernel/db.ts';
import type { Clock, Temporal } from '../kernel/time.ts';
import { type Forecast, fewestCalls, forecast } from './forecast.rules.ts';
import { quotaLevels, wallNow } from './meter.ts';
import { contentHashOf, type Recipient } from './outbox.ts';
import type { Priority } from './priority.ts';
import { perCall, wayFor } from './release.rules.ts';
import { type SiftDeps, usedBy } from './sift.ts';
import { type Verdict, verdictOn } from './suppression.rules.ts';

export interface PreflightDeps extends SiftDeps {
  clock: Clock;
  adapters: readonly ChannelAdapter[];
}

export interface Intent {
  content: Message;
  priority: Priority;
  recipients: readonly Recipient[];
  rings?: boolean;
  /** When it is to go out. */
  at: Temporal.Instant;
  expiresAt?: Temporal.Instant;
}

/** Somebody who will not get it, or not at once. */
export interface Shortfall {
  employeeId: string | null;
  kind: 'excluded' | 'unreachable' | 'held' | 'expired';
  /** `no-account`, `out-of-range`, `channel-off`, `no-way`, `muted`, `leave`, `left`, `quiet-hours`, `day-off`, `budget`, `same-content`. */
  reason: string;
  /** When a held one will come. */
  until?: Temporal.Instant;
}

export interface ChannelPlan {
  channel: string;
  account: string;
  way: string;
  recipients: number;
  calls: number;
  forecast: Forecast;
}

export interface Preflight {
  recipients: number;
  /** Who gets it as soon as their channel has room. */
  leaving: number;
  shortfalls: Shortfall[];
  counts: { kind: Shortfall['kind']; reason: string; n: number }[];
  plans: ChannelPlan[];
  /** Why it cannot be launched as it is: a channel cannot finish it. Empty when it may go. */
  refusals: ChannelPlan[];
}

/** What would become of a message, person by person, if it went out at that moment. Changes nothing. */
export async function preflight(tx: Db, deps: PreflightDeps, intent: Intent): Promise<Preflight> {
  const content = messageSchema.parse(intent.content);
  const recipients = withoutRepeats(intent.recipients);
  const shortfalls: Shortfall[] = [];
  const lanes: { adapter: ChannelAdapter; way: Way; people: Recipient[] }[] = [];
  for (const group of groupBy(recipients, laneOf).values()) {
    const [first] = group;
    const adapter = deps.adapters.find(
      ({ channel, account }) => channel === first?.address?.channel && account === first.address.account,
    );
    const kind = first?.kind ?? ('person' as const);
    const way = adapter && wayFor(adapter.ways, content, kind, group.length, intent.rings);
    if (adapter !== undefined && way !== undefined) lanes.push({ adapter, way, people: group });
    else
      for (const { employeeId, address } of group) {
        const reason =
          address === undefined ? 'no-account' : adapter === undefined ? 'channel-off' : 'no-way';
        shortfalls.push({ employeeId, kind: 'unreachable', reason });
      }
  }
  const plans: ChannelPlan[] = [];
  for (const { adapter, way, people } of lanes) {
    const kept = await keptBack(tx, deps, adapter, way, people, { ...intent, content });
    shortfalls.push(...kept);
    const going = people.length - kept.filter(({ kind }) => kind !== 'held').length;
    const calls = fewestCalls(going, perCall(way, content));
    const levels = await quotaLevels(tx, adapter, { clock: deps.clock, wallMs: await wallNow(tx) });
    plans.push({
      channel: adapter.channel,
      account: adapter.account,
      way: way.name,
      recipients: going,
      calls,
      forecast: forecast(
        { way: way.name, calls, recipients: going },
        adapter.quotas,
        (quota) => levels.find((level) => level.quota === quota)?.left ?? quota.most,
        intent.at,
        intent.expiresAt,
      ),
    });
  }
  return {
    recipients: recipients.length,
    leaving: recipients.length - shortfalls.length,
    shortfalls,
    counts: [...groupBy(shortfalls, ({ kind, reason }) => `${kind} ${reason}`).values()].flatMap((ones) =>
      ones[0] === undefined ? [] : [{ kind: ones[0].kind, reason: ones[0].reason, n: ones.length }],
    ),
    plans,
    refusals: plans.filter((plan) => plan.forecast.kind === 'refused'),
  };
}

const laneOf = ({ address, kind }: Recipient): string => `${address?.channel} ${address?.account} ${kind}`;

/** Whoever is named twice gets it once. */
function withoutRepeats(recipients: readonly Recipient[]): Recipient[] {
  const seen = new Set<string>();
  return recipients.filter(({ employeeId, address, kind }) => {
    const key =
      kind === undefined && employeeId !== null ? employeeId : `${address?.channel} ${address?.platformId}`;
    return !seen.has(key) && seen.add(key);
  });
}

async function keptBack(
  tx: Db,
  deps: PreflightDeps,
  adapter: ChannelAdapter,
  way: Way,
  people: readonly Recipient[],
  intent: Intent,
): Promise<Shortfall[]> {
  const ids = people.flatMap(({ employeeId }) => employeeId ?? []);
  const rules = await deps.rulesOf(tx, ids, intent.at);
  const used = intent.priority === 'campaign' ? await usedBy(tx, ids, rules, intent.at) : new Map();
  const repeated = await sameContentToday(tx, adapter, way, people, intent);
  return people.flatMap(({ employeeId, address }): Shortfall[] => {
    if (address?.outOfRange === true) return [{ employeeId, kind: 'unreachable', reason: 'out-of-range' }];
    const of = rules.get(employeeId ?? '');
    if (of !== undefined) {
      const candidate = { priority: intent.priority, afterBudget: false };
      const budgetUsed = used.get(employeeId ?? '') ?? { today: 0, week: 0 };
      const shortfall = fromVerdict(
        verdictOn(candidate, of, budgetUsed, deps.budget, intent.at),
        intent.expiresAt,
      );
      if (shortfall !== undefined) return [{ employeeId, ...shortfall }];
    }
    return repeated.has(address?.platformId ?? '')
      ? [{ employeeId, kind: 'held', reason: 'same-content' }]
      : [];
  });
}

function fromVerdict(
  verdict: Verdict,
  expiresAt: Temporal.Instant | undefined,
): Omit<Shortfall, 'employeeId'> | undefined {
  switch (verdict.kind) {
    case 'send':
      return undefined;
    case 'exclude':
      return { kind: 'excluded', reason: verdict.reason };
    case 'hold': {
      const late = expiresAt !== undefined && verdict.until.epochNanoseconds >= expiresAt.epochNanoseconds;
      return { kind: late ? 'expired' : 'held', reason: verdict.reason, until: verdict.until };
    }
  }
}

/** Who has had the same words today already, where the platform drops such a repeat. */
async function sameContentToday(
  tx: Db,
  { channel, account, quotas }: ChannelAdapter,
  way: Way,
  people: readonly Recipient[],
  { content, at }: Intent,
): Promise<Set<string>> {
  const quota = quotas.find(({ counts, ways }) => counts === 'same-content' && ways.includes(way.name));
  if (quota === undefined || !('calendar' in quota.window)) return new Set();
  const { zone } = quota.window;
  const since = at.toZonedDateTimeISO(zone).startOfDay().toInstant();
  const hash = contentHashOf(content);
  const ids = JSON.stringify(people.flatMap(({ address }) => address?.platformId ?? []));
  const { rows } = await tx.execute<{ id: string }>(sql`
    select distinct d.platform_id as id
    from json_array_elements_text(${ids}::json) as p(id)
    join deliveries d on d.platform_id = p.id and d.channel = ${channel} and d.account = ${account}
      and d.sent_at >= ${since.toString()}
    join outbox_messages m on m.id = d.message_id and m.content_hash = ${hash}`);
  return new Set(rows.map(({ id }) => id));
}
