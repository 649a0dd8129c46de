import { sql } from 'drizzle-orm';
import { type ApiDeps, apiProblems, apiRoutes } from '../src/app/routes.ts';
import { createMetrics } from '../src/http/metrics.ts';
import { createServer } from '../src/http/server.ts';
import { openDatabase } from '../src/kernel/db.ts';
import { silentLog } from '../src/kernel/log.ts';
import { systemClock } from '../src/kernel/time.ts';
import { workdayCalendar } from '../src/kernel/workdays.ts';
import { type Bench, say } from './bench.ts';
import { type BenchCampaign, makeOrganisation, ZONE } from './organisation.ts';

const TARGET_MS = 300;
const ASKED = 40;

/**
 * C1: what the console asks for, at 50,000 employees in 200 departments and 1,000,000 check-ins: the 95th percentile of
 * each list and board, first pages and pages in the middle, one request after the other.
 */
export async function c1(bench: Bench): Promise<void> {
  const people = bench.quick ? 5_000 : 50_000;
  const database = openDatabase(bench.databaseUrl);
  const { db } = database;
  const adminToken = 'bench';
  const server = await createServer({
    log: silentLog,
    db,
    adminToken,
    publicUrl: 'http://127.0.0.1',
    version: 'bench',
    metrics: createMetrics(),
    checks: {},
    routes: apiRoutes({
      db,
      clock: systemClock,
      calendar: workdayCalendar(),
      zone: ZONE,
      refreshSchedules: async () => undefined,
    } as ApiDeps),
    problems: apiProblems,
  });
  try {
    say(`C1: writing ${people} employees and their check-ins`);
    const campaign = await makeOrganisation(db, people);
    const rows = await fill(db, campaign);
    say(`C1: ${rows} check-ins; asking`);
    const ask = async (method: 'GET' | 'POST', path: string, payload?: object) => {
      const began = performance.now();
      const answer = await server.inject({
        method,
        url: `/api/v1/${path}`,
        headers: { authorization: `Bearer ${adminToken}` },
        ...(payload === undefined ? {} : { payload }),
      });
      if (answer.statusCode !== 200) throw new Error(`${path} answered ${answer.statusCode}`);
      return { ms: performance.now() - began, next: answer.json().nextCursor as string | null | undefined };
    };
    const base = { id: 'C1', backend: 'postgres', n: people };
    bench.report({ ...base, figure: 'check-ins looked at', value: rows, unit: 'rows' });
    for (const [name, path] of Object.entries(lists)) {
      const times: number[] = [];
      let cursor = '';
      for (let n = 0; n < ASKED; n += 1) {
        const { ms, next } = await ask('GET', path + cursor);
        times.push(ms);
        cursor = next == null ? '' : `&cursor=${next}`;
      }
      bench.report({ ...base, ...p95(name, times) });
    }
    for (const [name, definition] of Object.entries(definitions)) {
      const times: number[] = [];
      for (let n = 0; n < ASKED; n += 1)
        times.push((await ask('POST', 'audiences:preview', { definition })).ms);
      bench.report({ ...base, ...p95(name, times) });
    }
  } finally {
    await server.close();
    await database.close();
  }
}

const lists: Record<string, string> = {
  'board of today': 'overview?campaign=bench-campaign',
  'who is missing': 'checkins/missing?campaign=bench-campaign&limit=50',
  'who is missing in a department': 'checkins/missing?campaign=bench-campaign&department=D7&limit=50',
  employees: 'employees?limit=50',
  'employees of a department': 'employees?department=D7&limit=50',
  'employees by a part of a name': `employees?search=${encodeURIComponent('员工49')}&limit=50`,
  'check-ins': 'checkins?limit=50',
  'check-ins of a department': 'checkins?department=D7&limit=50',
  streaks: 'streaks?limit=50',
  audit: 'audit?limit=50',
};

const definitions: Record<string, object> = {
  'audience: a department': { department: 'D7' },
  'audience: nobody seen for a week, outside of two departments': {
    all: [
      { checkins: { lastDays: 7, atMost: 0 } },
      { not: { any: [{ department: 'D7' }, { department: 'D8' }] } },
    ],
  },
};

/** 200 departments under one, everybody in one of them, and about 20 check-ins a person with their streaks. */
async function fill(db: ReturnType<typeof openDatabase>['db'], { campaignId, today }: BenchCampaign) {
  await db.execute(sql`
    insert into departments (id, code, name, created_at) select gen_random_uuid(), 'D' || n, '部门' || n, now()
    from generate_series(0, 199) n`);
  await db.execute(sql`
    insert into memberships (id, employee_id, department_id, main, from_day)
    select gen_random_uuid(), e.id, d.id, true, '2020-01-01'
    from employees e join departments d on d.code = 'D' || (substring(e.number from 2)::int % 200)
    where e.number like 'B%'`);
  const written = await db.execute(sql`
    insert into checkins (campaign_id, employee_id, day, at, received_at, zone, grade, channel)
    select ${campaignId}, e.id, ${today.toString()}::date - n, now(), now(), ${ZONE}, 'tap', 'sandbox'
    from employees e cross join generate_series(0, 39) n
    where e.number like 'B%' and random() < 0.5`);
  await db.execute(sql`
    insert into streaks (campaign_id, employee_id, current, best, counted, last_day)
    select campaign_id, employee_id, 1, 3, count(*), max(day) from checkins group by 1, 2`);
  // As autovacuum leaves tables that grow: what is known to be visible is read from the index alone.
  await db.execute(sql`vacuum analyze`);
  return written.rowCount ?? 0;
}

function p95(figure: string, times: number[]) {
  const sorted = times.toSorted((a, b) => a - b);
  const value = Math.round((sorted[Math.ceil(sorted.length * 0.95) - 1] ?? 0) * 10) / 10;
  return {
    figure: `${figure}, p95`,
    value,
    unit: 'ms',
    target: `≤ ${TARGET_MS}`,
    met: value <= TARGET_MS,
  };
}
