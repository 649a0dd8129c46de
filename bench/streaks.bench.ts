import { sql } from 'drizzle-orm';
import { campaignFileSchema, loadCampaign } from '../src/features/campaigns/index.ts';
import { advance, type Streak } from '../src/features/checkins/checkins.rules.ts';
import { verifyStreaks } from '../src/features/checkins/index.ts';
import { type Db, openDatabase } from '../src/kernel/db.ts';
import { Temporal } from '../src/kernel/time.ts';
import { workdayCalendar } from '../src/kernel/workdays.ts';
import { type Bench, say } from './bench.ts';

const START = '2025-07-01';
const DAYS = 365;
const PEOPLE_A_BATCH = 2_000;

/**
 * P5: everybody's streaks of a year from the check-ins alone, against what is stored. Stored is what `advance`, the
 * product's own rule, arrives at when it takes the check-ins one by one; people miss a workday in five, most of them
 * here and there and some for weeks.
 */
export async function p5(bench: Bench): Promise<void> {
  const people = bench.quick ? 5_000 : 100_000;
  const database = openDatabase(bench.databaseUrl);
  const { db, pool } = database;
  try {
    const campaignId = await makeCampaign(db);
    say(`P5: writing the check-ins of ${people} people`);
    const rows = await fill(db, campaignId, people);
    await pool.query('vacuum (analyze) checkins');
    say(`P5: ${rows} check-ins; keeping the streaks one by one`);
    await keepStreaks(db, campaignId);
    await pool.query('vacuum (analyze) streaks');
    say('P5: verifying');
    const began = performance.now();
    const { checked, wrong } = await verifyStreaks(db);
    const seconds = (performance.now() - began) / 1000;
    const base = { id: 'P5', backend: 'postgres', n: people };
    bench.report({ ...base, figure: 'check-ins looked at', value: rows, unit: 'rows' });
    bench.report({
      ...base,
      figure: `streaks of ${DAYS} days from the evidence`,
      value: round(seconds),
      unit: 's',
      target: bench.quick ? `≤ ${(30 * people) / 100_000} (30 at 100,000)` : '≤ 30',
      met: seconds <= (30 * people) / 100_000,
    });
    const equal = checked === 0 ? 0 : ((checked - wrong.length) / checked) * 100;
    bench.report({
      ...base,
      figure: 'equal to the value that was kept',
      value: equal,
      unit: '%',
      target: '100',
      met: equal === 100 && checked === people,
    });
    bench.report({ ...base, ...(await noticed(db, campaignId)) });
  } finally {
    await database.close();
  }
}

async function makeCampaign(db: Db): Promise<string> {
  const file = campaignFileSchema.parse({
    id: 'bench-streaks',
    name: 'Bench',
    goal: 'Measure',
    zone: 'Asia/Shanghai',
    startsOn: START,
    days: DAYS,
    tipTime: '09:10',
    reminderTime: '16:40',
    audience: 'everyone',
    phases: [{ kind: 'sustain', name: '持续', fromDay: 0, toDay: DAYS - 1, focus: '' }],
    tasks: { mode: 'any', of: ['learn-tip'] },
    points: { checkIn: 5 },
  });
  const [today, at] = [Temporal.PlainDate.from(START), Temporal.Instant.from(`${START}T00:00:00Z`)];
  return (await loadCampaign(db, file, { today, calendar: workdayCalendar(), at })).campaignId;
}

/** About 80 % of all workdays: single days missing by chance, and three weeks in a row for every tenth person. */
async function fill(db: Db, campaignId: string, people: number): Promise<number> {
  let rows = 0;
  for (let first = 0; first < people; first += PEOPLE_A_BATCH) {
    const inserted = await db.execute(sql`
      insert into checkins (campaign_id, employee_id, day, at, received_at, zone, grade, channel)
      select ${campaignId}, p.id, d.day, t.at, t.at, 'Asia/Shanghai', 'tap', 'wecom'
      from (
        select gen_random_uuid() as id, n, random() * ${DAYS} as away
        from generate_series(${first}::int, ${Math.min(people, first + PEOPLE_A_BATCH) - 1}::int) n
      ) p
      join campaign_days d on d.campaign_id = ${campaignId} and d.workday
        and not (p.n % 10 = 0 and d.day - ${START}::date between p.away and p.away + 21)
      cross join lateral (select d.day + time '01:00' + random() * interval '8 hours' as at) t
      where random() < 0.81`);
    rows += inserted.rowCount ?? 0;
  }
  return rows;
}

/** Takes the check-ins of each person one by one, as the product does at each tap. */
async function keepStreaks(db: Db, campaignId: string): Promise<void> {
  const days = await db.execute<{ day: string; workday: boolean; ordinal: number }>(
    sql`select day, workday, ordinal from campaign_days where campaign_id = ${campaignId} order by day`,
  );
  const ordinals = new Map<Temporal.PlainDate, number>();
  const dayAt = days.rows.map((row) => {
    const day = Temporal.PlainDate.from(row.day);
    ordinals.set(day, row.ordinal);
    return day;
  });
  const calendar = { isWorkday: () => true, ordinal: (day: Temporal.PlainDate) => ordinals.get(day) ?? 0 };
  await db.transaction(async (tx) => {
    await tx.execute(sql`
      declare kept no scroll cursor for
      select employee_id, string_agg((day - ${START}::date)::text, ',' order by day) as days
      from checkins where campaign_id = ${campaignId} group by employee_id`);
    for (;;) {
      const batch = await tx.execute<{ employee_id: string; days: string }>(
        sql.raw(`fetch ${PEOPLE_A_BATCH} from kept`),
      );
      if (batch.rows.length === 0) break;
      const streaks = batch.rows.map(({ employee_id, days: taps }) => {
        let streak: Streak | undefined;
        for (const tap of taps.split(',')) {
          streak = advance(streak, dayAt[Number(tap)] as Temporal.PlainDate, calendar);
        }
        return { e: employee_id, ...streak, lastDay: streak?.lastDay.toString() };
      });
      await tx.execute(sql`
        insert into streaks (campaign_id, employee_id, current, best, counted, last_day)
        select ${campaignId}, e, current, best, counted, "lastDay"
        from json_to_recordset(${JSON.stringify(streaks)}::json)
          as s(e uuid, current int, best int, counted int, "lastDay" date)`);
    }
  });
}

/** A comparison that never finds anything proves nothing: one streak is spoilt, and must be named. */
async function noticed(db: Db, campaignId: string) {
  await db.execute(sql`
    update streaks set best = best + 1 where campaign_id = ${campaignId}
      and employee_id = (select employee_id from streaks where campaign_id = ${campaignId} limit 1)`);
  const { wrong } = await verifyStreaks(db);
  return {
    figure: 'spoilt streaks found',
    value: wrong.length,
    unit: 'streaks',
    target: '1',
    met: wrong.length === 1,
  };
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
