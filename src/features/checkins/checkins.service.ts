import { and, eq, inArray, sql } from 'drizzle-orm';
import { oneAtATime } from '../../chat/one-at-a-time.ts';
import { groupBy } from '../../kernel/collections.ts';
import { type Db, isOneOf } from '../../kernel/db.ts';
import { isoOf, Temporal } from '../../kernel/time.ts';
import { withdraw } from '../../outbox/outbox.ts';
import type { TaskType } from '../campaigns/campaigns.schema.ts';
import { type Campaign, type CampaignCalendar, calendarOf } from '../campaigns/index.ts';
import { type Award, award } from '../rewards/index.ts';
import { bonusAt, lengthsReached, missingTasks, type Streak } from './checkins.rules.ts';
import type { EvidenceGrade } from './checkins.schema.ts';
import { advanceStreaks, excusedOn, streakOf, streaksToMove } from './checkins.streaks.ts';
import { checkins, type EvidenceChannel, taskCompletions } from './checkins.tables.ts';

/** One completed task with its evidence. `day` is the day of the deed in the person's zone. */
export interface Completion {
  campaign: Campaign;
  employeeId: string;
  day: Temporal.PlainDate;
  zone: string;
  task: TaskType;
  grade: EvidenceGrade;
  tipId: string | undefined;
  at: Temporal.Instant;
  receivedAt: Temporal.Instant;
  channel: EvidenceChannel;
  eventKey: string;
  detail?: Record<string, string | number | boolean>;
}

export type CheckinOutcome =
  | { kind: 'recorded'; streak: Streak; points: number; at: Temporal.Instant }
  /** The day had counted before; `at` is when. */
  | { kind: 'already'; streak: Streak; at: Temporal.Instant }
  /** Noted, but the campaign asks for more before the day counts. */
  | { kind: 'more'; missing: TaskType[] }
  | { kind: 'day-off'; calendar: CampaignCalendar };

/** What `withdraw` stops once somebody has checked in. */
export function stopKeyOf(campaignId: string, day: Temporal.PlainDate | string): string {
  return `check-in:${campaignId}:${day.toString()}`;
}

/**
 * Records completed tasks and whatever follows from them: the check-in when the campaign's rule is met, the streak,
 * the points, and the end of today's reminder. A set at a time, at most one completion of a person; each answered
 * in order. A second time on the same day changes nothing.
 */
export async function complete(tx: Db, completions: readonly Completion[]): Promise<CheckinOutcome[]> {
  const outcomes = new Map<Completion, CheckinOutcome>();
  // Whoever has no streak yet has no row that could be locked: two first check-ins at once would each begin one.
  await oneAtATime(
    tx,
    completions.map(({ employeeId }) => employeeId),
  );
  for (const [, set] of groupBy(completions, ({ campaign }) => campaign.id)) {
    const [first] = set;
    if (first === undefined) continue;
    const calendar = await calendarOf(tx, first.campaign);
    const worked = set.filter(({ day }) => calendar.isWorkday(day));
    for (const one of set) if (!worked.includes(one)) outcomes.set(one, { kind: 'day-off', calendar });
    for (const [one, outcome] of await completeOnWorkdays(tx, first.campaign, calendar, worked))
      outcomes.set(one, outcome);
  }
  return completions.map((one) => outcomes.get(one) as CheckinOutcome);
}

async function completeOnWorkdays(
  tx: Db,
  campaign: Campaign,
  calendar: CampaignCalendar,
  set: readonly Completion[],
): Promise<Map<Completion, CheckinOutcome>> {
  await insertCompletions(tx, set);
  const missing = await missingOf(tx, campaign, set);
  const ready = set.filter((one) => (missing.get(one) ?? []).length === 0);
  const recorded = await insertCheckins(tx, ready);
  const before = await streaksToMove(
    tx,
    campaign.id,
    ready.map(({ employeeId }) => employeeId),
  );
  const after = await advanceStreaks(tx, campaign, calendar, recorded, before);
  const points = await awardPoints(tx, campaign, recorded, before, after);
  for (const [iso, same] of groupBy(recorded, ({ day }) => day.toString())) {
    const day = Temporal.PlainDate.from(iso);
    await withdraw(tx, {
      stopKey: stopKeyOf(campaign.id, day),
      employeeIds: same.map(({ employeeId }) => employeeId),
      reason: 'acted',
      at: same[0]?.receivedAt as Temporal.Instant,
    });
  }
  const earlier = await timesOf(
    tx,
    ready.filter((one) => !recorded.includes(one)),
  );
  return new Map(
    set.map((one): [Completion, CheckinOutcome] => {
      const open = missing.get(one) ?? [];
      if (open.length > 0) return [one, { kind: 'more', missing: open }];
      const streak = after.get(one.employeeId) ?? before.get(one.employeeId) ?? noStreak(one.day);
      return recorded.includes(one)
        ? [one, { kind: 'recorded', streak, points: points.get(one.employeeId) ?? 0, at: one.at }]
        : [one, { kind: 'already', streak, at: earlier.get(one) ?? one.at }];
    }),
  );
}

/** Of whoever has handed in only what a correction took back. */
const noStreak = (lastDay: Temporal.PlainDate): Streak => ({ current: 0, best: 0, counted: 0, lastDay });

async function insertCompletions(tx: Db, set: readonly Completion[]): Promise<void> {
  const rows = JSON.stringify(
    set.map((one) => ({
      c: one.campaign.id,
      e: one.employeeId,
      d: one.day.toString(),
      task: one.task,
      g: one.grade,
      t: one.tipId ?? null,
      at: isoOf(one.at),
      r: isoOf(one.receivedAt),
      ch: one.channel,
      k: one.eventKey,
      x: one.detail ?? null,
    })),
  );
  await tx.execute(sql`
    insert into task_completions
      (campaign_id, employee_id, day, task, grade, tip_id, at, received_at, channel, event_key, detail)
    select c, e, d, task, g, t, at, r, ch, k, x from json_to_recordset(${rows}::json)
      as s(c uuid, e uuid, d date, task text, g text, t uuid, at timestamptz, r timestamptz, ch text, k text, x jsonb)
    on conflict do nothing`);
}

/** What each person's day still lacks. One task that suffices needs no look at the others. */
async function missingOf(
  tx: Db,
  campaign: Campaign,
  set: readonly Completion[],
): Promise<Map<Completion, TaskType[]>> {
  const suffices = (one: Completion): boolean =>
    missingTasks(campaign.tasks, campaign.targets, new Set([one.task])).length === 0;
  return set.every(suffices) ? new Map() : missingOn(tx, campaign, set);
}

/** A set has a day or two. */
const daysIn = (set: readonly DayOfPerson[]): Temporal.PlainDate[] => [
  ...new Map(set.map(({ day }) => [day.toString(), day])).values(),
];

type DayOfPerson = Pick<Completion, 'employeeId' | 'day'>;

async function missingOn<One extends DayOfPerson>(
  tx: Db,
  campaign: Campaign,
  set: readonly One[],
): Promise<Map<One, TaskType[]>> {
  const rows = await tx
    .select({ employeeId: taskCompletions.employeeId, day: taskCompletions.day, task: taskCompletions.task })
    .from(taskCompletions)
    .where(
      and(
        eq(taskCompletions.campaignId, campaign.id),
        isOneOf(
          taskCompletions.employeeId,
          set.map(({ employeeId }) => employeeId),
        ),
        inArray(taskCompletions.day, daysIn(set)),
      ),
    );
  const done = groupBy(rows, ({ employeeId, day }) => `${employeeId} ${day.toString()}`);
  return new Map(
    set.map((one) => {
      const tasks = (done.get(`${one.employeeId} ${one.day.toString()}`) ?? []).map(({ task }) => task);
      return [one, missingTasks(campaign.tasks, campaign.targets, new Set(tasks))];
    }),
  );
}

/** How a workday of somebody's stands, when they ask and hand nothing in. */
export async function standingOf(
  tx: Db,
  one: DayOfPerson & { campaign: Campaign },
): Promise<Extract<CheckinOutcome, { kind: 'already' | 'more' }>> {
  const { campaign, employeeId, day } = one;
  const at = (await checkedIn(tx, campaign.id, day, [employeeId])).get(employeeId);
  const streak = await streakOf(tx, campaign.id, employeeId);
  if (at !== undefined && streak !== undefined) return { kind: 'already', streak, at };
  return { kind: 'more', missing: (await missingOn(tx, campaign, [one])).get(one) ?? [] };
}

/** Answers the completions that made a day count now. */
async function insertCheckins(tx: Db, set: readonly Completion[]): Promise<Completion[]> {
  if (set.length === 0) return [];
  const rows = JSON.stringify(
    set.map((one) => ({
      c: one.campaign.id,
      e: one.employeeId,
      d: one.day.toString(),
      at: isoOf(one.at),
      r: isoOf(one.receivedAt),
      z: one.zone,
      g: one.grade,
      ch: one.channel,
      t: one.tipId ?? null,
    })),
  );
  const inserted = await tx.execute<{ employee_id: string }>(sql`
    insert into checkins (campaign_id, employee_id, day, at, received_at, zone, grade, channel, tip_id)
    select c, e, d, at, r, z, g, ch, t from json_to_recordset(${rows}::json)
      as s(c uuid, e uuid, d date, at timestamptz, r timestamptz, z text, g text, ch text, t uuid)
    on conflict do nothing
    returning employee_id`);
  const ids = new Set(inserted.rows.map((row) => row.employee_id));
  return set.filter(({ employeeId }) => ids.has(employeeId));
}

async function awardPoints(
  tx: Db,
  campaign: Campaign,
  recorded: readonly Completion[],
  before: ReadonlyMap<string, Streak>,
  after: ReadonlyMap<string, Streak>,
): Promise<Map<string, number>> {
  const { checkIn, streakBonus } = campaign.points;
  const awards = recorded.flatMap(({ employeeId, day, at }): Award[] => {
    const shared = { campaignId: campaign.id, employeeId, at };
    const subject = `${campaign.id}:${employeeId}`;
    const streak = after.get(employeeId) ?? noStreak(day);
    return [
      { ...shared, key: `check-in:${subject}:${day.toString()}`, amount: checkIn, reason: 'check-in' },
      ...lengthsReached(before.get(employeeId), streak, streakBonus).map((length): Award => {
        const key = `streak-bonus:${subject}:${length}`;
        return { ...shared, key, amount: bonusAt(length, streakBonus), reason: 'streak-bonus' };
      }),
    ];
  });
  const booked = await award(tx, awards);
  const points = new Map<string, number>();
  for (const one of awards) {
    if (booked.has(one.key)) points.set(one.employeeId, (points.get(one.employeeId) ?? 0) + one.amount);
  }
  return points;
}

async function timesOf(tx: Db, set: readonly Completion[]): Promise<Map<Completion, Temporal.Instant>> {
  const times = new Map<Completion, Temporal.Instant>();
  if (set.length === 0) return times;
  const rows = await tx
    .select({
      campaignId: checkins.campaignId,
      employeeId: checkins.employeeId,
      day: checkins.day,
      at: checkins.at,
    })
    .from(checkins)
    .where(
      and(
        inArray(checkins.campaignId, [...new Set(set.map(({ campaign }) => campaign.id))]),
        isOneOf(
          checkins.employeeId,
          set.map(({ employeeId }) => employeeId),
        ),
        inArray(checkins.day, daysIn(set)),
      ),
    );
  const keyOf = (campaignId: string, employeeId: string, day: Temporal.PlainDate): string =>
    `${campaignId} ${employeeId} ${day.toString()}`;
  const known = new Map(rows.map((row) => [keyOf(row.campaignId, row.employeeId, row.day), row.at]));
  for (const one of set) {
    const at = known.get(keyOf(one.campaign.id, one.employeeId, one.day));
    if (at !== undefined) times.set(one, at);
  }
  return times;
}

/** Whether and when these people checked in on a day. */
export async function checkedIn(
  tx: Db,
  campaignId: string,
  day: Temporal.PlainDate,
  employeeIds: readonly string[],
): Promise<Map<string, Temporal.Instant>> {
  if (employeeIds.length === 0) return new Map();
  const rows = await tx
    .select({ employeeId: checkins.employeeId, at: checkins.at })
    .from(checkins)
    .where(
      and(
        eq(checkins.campaignId, campaignId),
        eq(checkins.day, day),
        isOneOf(checkins.employeeId, employeeIds),
      ),
    );
  return new Map(rows.map(({ employeeId, at }) => [employeeId, at]));
}

/**
 * Who of these people has done what a message under `stopKey` asks for, or is excused from it; nobody for keys of other
 * slices.
 */
export async function actedOn(tx: Db, stopKey: string, employeeIds: readonly string[]): Promise<Set<string>> {
  const [kind, campaignId, day] = stopKey.split(':');
  if (kind !== 'check-in' || campaignId === undefined || day === undefined) return new Set();
  const on = Temporal.PlainDate.from(day);
  const done = await checkedIn(tx, campaignId, on, employeeIds);
  return new Set([...done.keys(), ...(await excusedOn(tx, on, employeeIds)).keys()]);
}
