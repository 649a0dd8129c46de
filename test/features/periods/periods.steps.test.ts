import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eq, sql } from 'drizzle-orm';
import type { Campaign } from '#src/features/campaigns/index.ts';
import { namesOf } from '#src/features/directory/index.ts';
import { compareDraft, draftRule, publishDraft } from '#src/features/periods/drafts.service.ts';
import { signerFrom } from '#src/features/periods/periods.keys.ts';
import { periodProblems } from '#src/features/periods/periods.problems.ts';
import { periodRoutes } from '#src/features/periods/periods.routes.ts';
import {
  performRun,
  type RunDeps,
  requestClosing,
  requestPreview,
} from '#src/features/periods/periods.runs.ts';
import {
  askForObjections,
  openPeriod,
  periodById,
  prepareClosing,
  reopen,
} from '#src/features/periods/periods.service.ts';
import {
  type PerformancePeriod,
  performancePeriods,
  performanceResults,
  performanceRuns,
} from '#src/features/periods/periods.tables.ts';
import type { Db } from '#src/kernel/db.ts';
import { type ManualClock, manualClock, monthDays, Temporal } from '#src/kernel/time.ts';
import { workdayCalendar } from '#src/kernel/workdays.ts';
import { outboxMessages } from '#src/outbox/outbox.tables.ts';
import { asAdmin, testApi } from '../../http/test-api.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';
import { organisation, strictRule } from './organisation.ts';

const until = Temporal.PlainDate.from('2026-12-07');

let database: TestDatabase;
let clock: ManualClock;
let deps: RunDeps;
let campaign: Campaign;
let period: PerformancePeriod;

const inTurn = <T>(work: (tx: Db) => Promise<T>): Promise<T> => database.db.transaction(work);
const deed = (by: string) => ({ by, at: clock.now() });
const now = () => periodById(database.db, period.id);

beforeAll(async () => {
  database = await testDatabase();
  clock = manualClock('2026-12-02T02:00:00Z');
  const fileRoot = await mkdtemp(join(tmpdir(), 'cuhuo-steps-'));
  deps = { db: database.db, clock, fileRoot, signer: signerFrom(Buffer.alloc(32, 7)) };
  ({ campaign } = await organisation(
    database.db,
    [
      { number: '0001', posts: [['RD', '2020-01-06']] },
      { number: '0002', zone: 'America/Los_Angeles', posts: [['RD', '2020-01-06']] },
    ],
    {
      from: '2026-11-01',
      days: 61,
      rule: strictRule(),
    },
  ));
});
afterAll(async () => {
  await database.close();
  await rm(deps.fileRoot, { recursive: true, force: true });
});

/** A month that was previewed. */
beforeEach(async () => {
  clock = manualClock('2026-12-02T02:00:00Z');
  deps = { ...deps, clock };
  await database.db.delete(performanceResults);
  await database.db.delete(performanceRuns);
  await database.db.delete(performancePeriods);
  const span = { name: '2026-11', ...monthDays(Temporal.PlainYearMonth.from('2026-11')) };
  period = await inTurn((tx) => openPeriod(tx, campaign, span, clock.now()));
  await database.db.update(performancePeriods).set({ state: 'preview' });
});

async function readyToClose(): Promise<void> {
  await inTurn((tx) => askForObjections(tx, period.id, { until, at: clock.now() }));
  clock.set(Temporal.Instant.from('2026-12-09T02:00:00Z'));
  await inTurn((tx) => prepareClosing(tx, period.id, deed('E4 王知行')));
}

describe('a period that is being evaluated', () => {
  it('takes no step that the result would not fit', async () => {
    await readyToClose();
    const run = await inTurn((tx) => requestClosing(tx, period.id, deed('E9 陈立')));
    for (const step of [
      (tx: Db) => reopen(tx, period.id),
      (tx: Db) => askForObjections(tx, period.id, { until: until.add({ days: 9 }), at: clock.now() }),
      (tx: Db) => prepareClosing(tx, period.id, deed('E9 陈立')),
    ])
      await expect(inTurn(step)).rejects.toMatchObject({ code: 'period.busy' });
    await performRun(deps, run.id);
    expect(await now()).toMatchObject({ state: 'closed', objectionsUntil: until });
    const [kept] = await database.db.select().from(performanceRuns);
    expect(kept).toMatchObject({ preparedBy: 'E4 王知行', confirmedBy: 'E9 陈立' });
  });
});

describe('a rule that is published while objections are asked for', () => {
  it('is refused: it does not change what people are looking at', async () => {
    const draft = await inTurn((tx) =>
      draftRule(tx, { campaign, rule: strictRule({ weight: 9 }), fromDay: period.fromDay, ...deed('E4') }),
    );
    await compareDraft(deps, draft.id);
    const published = await inTurn(async (tx) => {
      await askForObjections(tx, period.id, { until, at: clock.now() });
      const publishing = inTurn((other) =>
        publishDraft(other, draft.id, { reason: '更高的分值', ...deed('E9') }),
      ).catch((error: unknown) => error);
      await Promise.race([publishing, somebodyWaits()]);
      return { publishing };
    });
    expect(await published.publishing).toMatchObject({ code: 'rule.under-objection' });
  });
});

/** Until a statement waits for a lock. */
async function somebodyWaits(): Promise<void> {
  const waits = sql`select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`;
  while ((await database.db.execute(waits)).rows.length === 0);
}

describe('the deadline of objections', () => {
  it('is told once, however often the same one is asked for', async () => {
    const api = await testApi({
      db: database.db,
      clock,
      routes: [
        periodRoutes({
          ...deps,
          calendar: workdayCalendar(),
          reading: () => Promise.reject(new Error('nobody reads here')),
          campaignBy: async () => campaign,
          namesOf,
          beginRun: () => undefined,
          nudge: () => undefined,
        }),
      ],
      problems: [periodProblems],
    });
    const run = await inTurn((tx) => requestPreview(tx, period.id, deed('E4')));
    await performRun(deps, run.id);
    const ask = (day: string) =>
      api.server.inject({
        method: 'POST',
        url: `/api/v1/performance/periods/${period.id}/objections`,
        headers: asAdmin,
        payload: { until: day },
      });
    const told = async () => (await database.db.select().from(outboxMessages)).length;
    expect((await ask('2026-12-07')).statusCode).toBe(200);
    expect(await told()).toBe(1);
    expect((await ask('2026-12-07')).statusCode).toBe(200);
    expect(await told()).toBe(1);
    await ask('2026-12-10');
    expect(await told()).toBe(2);
    await api.close();
  });

  it('is over when it is over for everybody, for whom it was their own day', async () => {
    await inTurn((tx) => askForObjections(tx, period.id, { until, at: clock.now() }));
    // The 8th in Shanghai, the 7th in Los Angeles until 08:00 UTC.
    clock.set(Temporal.Instant.from('2026-12-08T07:59:59Z'));
    await expect(inTurn((tx) => prepareClosing(tx, period.id, deed('E4')))).rejects.toMatchObject({
      code: 'period.objections-last',
    });
    clock.set(Temporal.Instant.from('2026-12-08T08:00:00Z'));
    await inTurn((tx) => prepareClosing(tx, period.id, deed('E4')));
    expect(await now()).toMatchObject({ preparedBy: 'E4' });
  });
});

describe('a closing that never finishes', () => {
  it('gives up, and can be confirmed again', async () => {
    await readyToClose();
    const first = await inTurn((tx) => requestClosing(tx, period.id, deed('E9 陈立')));
    await database.db.update(performanceRuns).set({ attempts: 5 }).where(eq(performanceRuns.id, first.id));
    await performRun(deps, first.id);
    expect(await now()).toMatchObject({ state: 'objections' });
    const again = await inTurn((tx) => requestClosing(tx, period.id, deed('E9 陈立')));
    await performRun(deps, again.id);
    expect(await now()).toMatchObject({ state: 'closed' });
  });

  it('leaves no file behind that an attempt began which was killed', async () => {
    await readyToClose();
    const run = await inTurn((tx) => requestClosing(tx, period.id, deed('E9 陈立')));
    const folder = join(deps.fileRoot, 'performance');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, `${run.id}.killed.part`), 'head');
    // Moved to its place by an attempt whose commit never came.
    await writeFile(join(folder, `${run.id}.0123456789abcdef.jsonl`), 'head');
    await performRun(deps, run.id);
    const [kept] = await database.db.select().from(performanceRuns);
    const names = (await readdir(folder)).filter((name) => name.startsWith(run.id));
    expect(names.map((name) => `performance/${name}`)).toEqual([kept?.packagePath]);
  });
});
