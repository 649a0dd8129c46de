import { sql } from 'drizzle-orm';
import { campaignFileSchema, loadCampaign } from '#src/features/campaigns/index.ts';
import type { EvidenceGrade } from '#src/features/checkins/checkins.tables.ts';
import type { Watermark } from '#src/features/reports/reports.watermark.ts';
import type { Db } from '#src/kernel/db.ts';
import { newId } from '#src/kernel/ids.ts';
import { localDay, Temporal } from '#src/kernel/time.ts';
import { workdayCalendar } from '#src/kernel/workdays.ts';

export interface Person {
  number: string;
  name?: string;
  zone?: string;
  joinedOn?: string;
  leftOn?: string;
  roles?: string[];
  locale?: string;
  /** Department code, first and last day; none for whoever has no department. */
  posts: readonly (readonly [code: string, from: string, to?: string])[];
}

export interface Company {
  /** Ids by employee number. */
  ids: Map<string, string>;
  /** Ids by campaign key. */
  campaigns: Map<string, string>;
}

/** Departments `rd` 研发部 and `sales` 销售部 with `east` 华东 below it, these people, and these campaigns. */
export async function makeCompany(
  db: Db,
  people: readonly Person[],
  campaigns: Parameters<typeof makeCampaign>[1][],
): Promise<Company> {
  const departments = new Map<string, string>();
  for (const [code, name, parent] of [
    ['rd', '研发部', null],
    ['sales', '销售部', null],
    ['east', '华东', 'sales'],
  ] as const) {
    const id = newId();
    departments.set(code, id);
    await db.execute(sql`
      insert into departments (id, code, name, parent_id, created_at)
      values (${id}, ${code}, ${name}, ${departments.get(parent ?? '') ?? null}, now())`);
  }
  const ids = new Map<string, string>();
  for (const person of people) ids.set(person.number, await makePerson(db, person, departments));
  const loaded = new Map<string, string>();
  for (const campaign of campaigns) loaded.set(campaign.key, await makeCampaign(db, campaign));
  return { ids, campaigns: loaded };
}

async function makePerson(db: Db, person: Person, departments: ReadonlyMap<string, string>): Promise<string> {
  const id = newId();
  const {
    number,
    name = number,
    zone = 'Asia/Shanghai',
    locale = 'zh-CN',
    joinedOn = null,
    leftOn = null,
  } = person;
  await db.execute(sql`
    insert into employees (id, number, name, locale, zone, level, joined_on, left_on, created_at)
    values (${id}, ${number}, ${name}, ${locale}, ${zone}, 'beginner', ${joinedOn}, ${leftOn}, now())`);
  await db.execute(sql`
    insert into employee_zones (employee_id, since, zone) values (${id}, '2020-01-01T00:00:00Z', ${zone})`);
  await db.execute(sql`
    insert into identities (channel, account, platform_id, employee_id) values ('sandbox', 'sandbox', ${number}, ${id})`);
  for (const [code, from, to] of person.posts) {
    await db.execute(sql`
      insert into memberships (id, employee_id, department_id, main, from_day, to_day)
      values (${newId()}, ${id}, ${departments.get(code)}, true, ${from}, ${to ?? null})`);
  }
  for (const role of person.roles ?? []) {
    await db.execute(sql`
      insert into employee_roles (id, employee_id, role, from_day) values (${newId()}, ${id}, ${role}, '2020-01-01')`);
  }
  return id;
}

async function makeCampaign(
  db: Db,
  campaign: { key: string; name: string; from: string; days: number; departments?: string[] },
): Promise<string> {
  const { key, name, from, days, departments } = campaign;
  const file = campaignFileSchema.parse({
    id: key,
    name,
    goal: '用起来',
    zone: 'Asia/Shanghai',
    startsOn: from,
    days,
    tipTime: '09:10',
    reminderTime: '16:40',
    audience: departments === undefined ? 'everyone' : { departments },
    phases: [{ kind: 'sustain', name: '持续', fromDay: 0, toDay: days - 1, focus: '' }],
    tasks: { mode: 'any', of: ['learn-tip'] },
    points: { checkIn: 5 },
  });
  const today = Temporal.PlainDate.from(from);
  const at = Temporal.Instant.from(`${from}T00:00:00Z`);
  return (await loadCampaign(db, file, { today, calendar: workdayCalendar(), at })).campaignId;
}

/** A check-in with its points at `at`, on the day that this is in `zone`. */
export async function checkedIn(
  db: Db,
  company: Company,
  checkin: {
    number: string;
    at: string;
    zone?: string;
    campaign?: string;
    grade?: EvidenceGrade;
    tipId?: string;
  },
): Promise<void> {
  const { number, at, zone = 'Asia/Shanghai', campaign = 'office', grade = 'tap', tipId = null } = checkin;
  const [employeeId, campaignId] = [company.ids.get(number), company.campaigns.get(campaign)];
  const day = localDay(Temporal.Instant.from(at), zone).toString();
  await db.execute(sql`
    insert into checkins (campaign_id, employee_id, day, at, received_at, zone, grade, channel, tip_id)
    values (${campaignId}, ${employeeId}, ${day}, ${at}, ${at}, ${zone}, ${grade}, 'sandbox', ${tipId})`);
  await db.execute(sql`
    insert into point_entries (transfer_id, key, account_kind, account_id, campaign_id, amount, reason, at)
    values (${newId()}, ${`check-in:${campaignId}:${employeeId}:${day}`}, 'employee', ${employeeId},
            ${campaignId}, 5, 'check-in', ${at})`);
}

/** What a file says about itself. */
export const mark: Watermark = {
  exportId: '01a20178-0738-7199-8071-ba7132be2b42',
  by: '人事（HR1）',
  at: '2026-12-01 09:00+08:00',
  purpose: '年终考核 & 评优',
  approvedBy: null,
  until: '2026-12-31',
};
