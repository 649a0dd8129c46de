import { sql } from 'drizzle-orm';
import {
  type Campaign,
  campaignById,
  campaignFileSchema,
  loadCampaign,
} from '#src/features/campaigns/index.ts';
import { type PerformanceRule, performanceRuleSchema } from '#src/features/performance/performance.schema.ts';
import type { Db } from '#src/kernel/db.ts';
import { newId } from '#src/kernel/ids.ts';
import { Temporal } from '#src/kernel/time.ts';
import { type WorkdayCalendar, workdayCalendar } from '#src/kernel/workdays.ts';

export const strictRule = (changes: Record<string, unknown> = {}): PerformanceRule =>
  performanceRuleSchema.parse({
    day: [['tap']],
    target: { kind: 'days', days: 16, of: 20 },
    bands: [
      { name: '达成', from: 100, credit: 100 },
      { name: '部分达成', from: 60, credit: 60 },
      { name: '未达成', from: 0, credit: 0 },
    ],
    weight: 5,
    parts: { individual: 80, team: 20 },
    freezes: 1,
    ...changes,
  });

export interface Given {
  number: string;
  name?: string;
  zone?: string;
  joinedOn?: string | null;
  leftOn?: string | null;
  posts: readonly (readonly [code: string, from: string, to?: string])[];
}

/** Departments RD and SALES, these people, and a campaign with a rule. Answers ids by number. */
export async function organisation(
  db: Db,
  people: readonly Given[],
  campaign: {
    from: string;
    days: number;
    departments?: string[];
    rule?: PerformanceRule | undefined;
    calendar?: WorkdayCalendar;
  },
): Promise<{ campaign: Campaign; ids: Map<string, string> }> {
  const departments = new Map([
    ['RD', newId()],
    ['SALES', newId()],
  ]);
  for (const [code, id] of departments)
    await db.execute(sql`insert into departments (id, code, name, parent_id, created_at)
      values (${id}, ${code}, ${code === 'RD' ? '研发部' : '销售部'}, null, now())`);
  const ids = new Map(people.map(({ number }) => [number, newId()]));
  const rows = people.map((one) => ({
    id: ids.get(one.number),
    number: one.number,
    name: one.name ?? one.number,
    zone: one.zone ?? 'Asia/Shanghai',
    joined: one.joinedOn ?? null,
    gone: one.leftOn ?? null,
  }));
  await db.execute(sql`
    insert into employees (id, number, name, locale, zone, level, joined_on, left_on, created_at)
    select id, number, name, 'zh-CN', zone, 'beginner', joined, gone, now()
    from json_to_recordset(${JSON.stringify(rows)}::json)
      as s(id uuid, number text, name text, zone text, joined date, gone date)`);
  const posts = people.flatMap(({ number, posts: own }) =>
    own.map(([code, from, to]) => ({
      id: newId(),
      e: ids.get(number),
      d: departments.get(code),
      from,
      till: to ?? null,
    })),
  );
  await db.execute(sql`
    insert into memberships (id, employee_id, department_id, main, from_day, to_day)
    select id, e, d, true, "from", till from json_to_recordset(${JSON.stringify(posts)}::json)
      as s(id uuid, e uuid, d uuid, "from" date, till date)`);
  const file = campaignFileSchema.parse({
    id: 'office',
    name: '办公软件上手',
    goal: '用起来',
    zone: 'Asia/Shanghai',
    startsOn: campaign.from,
    days: campaign.days,
    tipTime: '09:10',
    reminderTime: '16:40',
    audience: campaign.departments === undefined ? 'everyone' : { departments: campaign.departments },
    phases: [{ kind: 'sustain', name: '持续', fromDay: 0, toDay: campaign.days - 1, focus: '' }],
    tasks: { mode: 'any', of: ['learn-tip'] },
    points: { checkIn: 5 },
    performance: campaign.rule,
  });
  const { campaignId } = await loadCampaign(db, file, {
    today: Temporal.PlainDate.from(campaign.from),
    calendar: campaign.calendar ?? workdayCalendar(),
    at: Temporal.Instant.from(`${campaign.from}T00:00:00Z`),
  });
  return { campaign: (await campaignById(db, campaignId)) as Campaign, ids };
}

export interface Piece {
  employeeId: string;
  day: string;
  grade?: 'tap' | 'self-declared' | 'answered';
  at?: string;
  receivedAt?: string;
}

/** Completions as the service writes them; the rule of the campaign's own tasks is not looked at. */
export async function complete(db: Db, campaignId: string, pieces: readonly Piece[]): Promise<void> {
  const rows = pieces.map(({ employeeId, day, grade = 'tap', at = `${day}T02:00:00Z`, receivedAt = at }) => ({
    e: employeeId,
    d: day,
    g: grade,
    task: grade === 'answered' ? 'answer' : grade === 'tap' ? 'learn-tip' : 'use-software',
    at,
    r: receivedAt,
    k: newId(),
  }));
  await db.execute(sql`
    insert into task_completions (campaign_id, employee_id, day, task, grade, at, received_at, channel, event_key)
    select ${campaignId}::uuid, e, d, task, g, at, r, 'sandbox', k from json_to_recordset(${JSON.stringify(rows)}::json)
      as s(e uuid, d date, g text, task text, at timestamptz, r timestamptz, k text)
    on conflict do nothing`);
}

export async function excuse(
  db: Db,
  rows: readonly { employeeId: string; day: string; reason: string }[],
): Promise<void> {
  const written = rows.map(({ employeeId, day, reason }) => ({
    e: employeeId,
    d: day,
    r: reason,
    x: newId(),
  }));
  await db.execute(sql`
    insert into excused_days (employee_id, day, reason, excusal_id)
    select e, d, r, x from json_to_recordset(${JSON.stringify(written)}::json) as s(e uuid, d date, r text, x uuid)
    on conflict do nothing`);
}
