import { randomUUID } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { type App, createApp } from '../app.ts';
import { behaviourSchema } from '../config/behaviour.ts';
import { startEmbeddedPostgres } from '../embedded-postgres/index.ts';
import { type Campaign, calendarOf, listCampaigns, membersOf } from '../features/campaigns/index.ts';
import { verifyStreaks } from '../features/checkins/index.ts';
import { verifyPoints } from '../features/rewards/index.ts';
import { type Db, migrateDatabase, openDatabase } from '../kernel/db.ts';
import { silentLog } from '../kernel/log.ts';
import { packagePath } from '../kernel/package-path.ts';
import { randomFrom } from '../kernel/random.ts';
import { Temporal } from '../kernel/time.ts';
import { workdayCalendar } from '../kernel/workdays.ts';
import { loadContent } from './content.ts';

/** A day of the people who live in the campaign's zone. */
export interface RehearsedDay {
  day: Temporal.PlainDate;
  workday: boolean;
  tips: number;
  reminders: number;
  checkins: number;
  members: number;
  /** People whose run stands at five workdays or more. */
  streaksOfFive: number;
}

export interface Rehearsal {
  campaign: Campaign;
  days: RehearsedDay[];
  verified: boolean;
}

/**
 * Plays a campaign from its content folder on a virtual clock, in a database that is thrown away: real schedules,
 * real messages into the sandbox, and people with made-up habits. The same seed plays the same campaign.
 */
export async function rehearse(options: {
  folder: string;
  start: Temporal.PlainDate;
  days: number | undefined;
  seed: number;
  onDay: (day: RehearsedDay) => void;
}): Promise<Rehearsal> {
  const dataDir = await mkdtemp(join(tmpdir(), 'cuhuo-rehearsal-'));
  // Root hands the cluster to an ordinary user, who must be able to reach it.
  await chmod(dataDir, 0o755);
  const settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };
  const server = await startEmbeddedPostgres({ dataDir, log: () => undefined, settings });
  const database = openDatabase(server.url);
  try {
    await migrateDatabase(server.url, packagePath('config/migrations'));
    // Before the day begins in the zone where it begins first.
    const startAt = options.start.toZonedDateTime('Pacific/Kiritimati').toInstant();
    const app = await createApp({
      config: {
        role: 'all',
        clock: 'manual',
        sandbox: true,
        dataDir,
        redisUrl: undefined,
        behaviour: behaviourSchema.parse({ clock: { startAt: startAt.toString() } }),
      },
      database,
      databaseUrl: server.url,
      secrets: { secretKey: Buffer.alloc(32) },
      log: silentLog,
    });
    try {
      return await play(app, database.db, { ...options, fileRoot: join(dataDir, 'files') });
    } finally {
      await app.stop();
    }
  } finally {
    await database.close();
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function play(
  app: App,
  db: Db,
  options: Parameters<typeof rehearse>[0] & { fileRoot: string },
): Promise<Rehearsal> {
  const { fileRoot, folder, start, seed, onDay } = options;
  await loadContent(db, folder, {
    at: start.toZonedDateTime({ timeZone: 'Asia/Shanghai', plainTime: '00:01' }).toInstant(),
    zone: 'Asia/Shanghai',
    calendar: workdayCalendar(),
    actor: { kind: 'system', id: 'rehearsal' },
    fileRoot,
  });
  const [campaign] = await listCampaigns(db);
  if (campaign === undefined) throw new RangeError(`${folder} has no campaign to rehearse`);
  await app.refreshSchedules();
  await app.startWorking();
  const calendar = await calendarOf(db, campaign);
  const last =
    options.days === undefined ? campaign.endsOn : campaign.startsOn.add({ days: options.days - 1 });
  const random = randomFrom(seed);
  const habits = new Map<string, number>();
  const days: RehearsedDay[] = [];
  for (let day = campaign.startsOn; Temporal.PlainDate.compare(day, last) <= 0; day = day.add({ days: 1 })) {
    const members = await membersOf(db, campaign, { day, zone: campaign.zone });
    const numbers = await numbersOf(
      db,
      members.map(({ employeeId }) => employeeId),
    );
    for (const number of numbers) if (!habits.has(number)) habits.set(number, 0.25 + 0.73 * random());
    const workday = calendar.isWorkday(day);
    await moveTo(app, campaign, day, campaign.tipTime, 20);
    if (workday)
      await checkIn(
        app,
        numbers.filter((number) => random() < (habits.get(number) ?? 0)),
      );
    await moveTo(app, campaign, day, campaign.reminderTime, 15);
    if (workday)
      await checkIn(
        app,
        numbers.filter(() => random() < CHECK_IN_AFTER_REMINDER),
      );
    await moveTo(app, campaign, day, '23:00', 0);
    const played = { day, workday, members: numbers.length, ...(await countsOf(db, campaign, day)) };
    days.push(played);
    onDay(played);
  }
  const streaks = await verifyStreaks(db);
  const points = await verifyPoints(db);
  return { campaign, days, verified: streaks.wrong.length === 0 && points.wrong.length === 0 };
}

const CHECK_IN_AFTER_REMINDER = 0.35;

async function moveTo(
  app: App,
  campaign: Campaign,
  day: Temporal.PlainDate,
  wallTime: string,
  minutes: number,
): Promise<void> {
  const at = day.toZonedDateTime({ timeZone: campaign.zone, plainTime: wallTime }).add({ minutes });
  await app.advance(at.toInstant());
}

/** Types the word for each of them; who has checked in already is told so, as in life. */
async function checkIn(app: App, numbers: readonly string[]): Promise<void> {
  const now = app.clock.now();
  await Promise.all(
    numbers.map((number) =>
      app.router.route({
        channel: 'sandbox',
        account: 'sandbox',
        key: randomUUID(),
        actor: number,
        place: { kind: 'private' },
        payload: { kind: 'text', text: '打卡' },
        occurredAt: now,
        receivedAt: now,
      }),
    ),
  );
  await app.settled();
}

async function numbersOf(db: Db, employeeIds: readonly string[]): Promise<string[]> {
  if (employeeIds.length === 0) return [];
  const { rows } = await db.execute<{ number: string }>(
    sql`select number from employees where id in ${[...employeeIds]} order by number`,
  );
  return rows.map(({ number }) => number);
}

async function countsOf(db: Db, campaign: Campaign, day: Temporal.PlainDate) {
  const from = day.toZonedDateTime(campaign.zone).toInstant().toString();
  const to = day.add({ days: 1 }).toZonedDateTime(campaign.zone).toInstant().toString();
  const { rows } = await db.execute<{ tips: number; reminders: number; checkins: number; five: number }>(sql`
    select
      (select count(*)::int from deliveries d join outbox_messages m on m.id = d.message_id
        join employees e on e.id = d.employee_id and e.zone = ${campaign.zone}
        where m.purpose = 'tips.daily' and m.created_at >= ${from} and m.created_at < ${to}) as tips,
      (select count(*)::int from deliveries d join outbox_messages m on m.id = d.message_id
        join employees e on e.id = d.employee_id and e.zone = ${campaign.zone}
        where m.purpose = 'checkins.reminder' and m.created_at >= ${from} and m.created_at < ${to}) as reminders,
      (select count(*)::int from checkins where campaign_id = ${campaign.id} and day = ${day.toString()}) as checkins,
      (select count(*)::int from streaks where campaign_id = ${campaign.id} and current >= 5) as five`);
  const { tips = 0, reminders = 0, checkins = 0, five = 0 } = rows[0] ?? {};
  return { tips, reminders, checkins, streaksOfFive: five };
}
