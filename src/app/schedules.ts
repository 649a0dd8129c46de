import { like } from 'drizzle-orm';
import type { Campaign } from '../features/campaigns/index.ts';
import { listCampaigns } from '../features/campaigns/index.ts';
import { remind } from '../features/checkins/index.ts';
import { zonesInUse } from '../features/directory/index.ts';
import { weeklyMisses } from '../features/faq/index.ts';
import { quizSchedules } from '../features/quizzes/index.ts';
import { expirePoints } from '../features/rewards/index.ts';
import { pushTips } from '../features/tips/index.ts';
import { type TrainingSchedule, trainingSchedules } from '../features/trainings/index.ts';
import type { Db } from '../kernel/db.ts';
import type { JobCall } from '../kernel/jobs.ts';
import { startOfDay, Temporal } from '../kernel/time.ts';
import type { Scheduler } from '../scheduler/index.ts';
import { schedules } from '../scheduler/scheduler.tables.ts';

/** Nothing is pushed that comes up later than this on the person's wall clock, whatever held it up. */
const LATEST = Temporal.PlainTime.from('20:00');

/**
 * Puts the daily schedules of every campaign for every zone that somebody lives in, so that 09:10 is everybody's own
 * 09:10. Putting the same again changes nothing. Run after a start, an import, and a change of a campaign.
 */
export async function putCampaignSchedules(tx: Db, scheduler: Scheduler): Promise<void> {
  const zones = await zonesInUse(tx);
  for (const campaign of await listCampaigns(tx)) {
    await putPointExpiry(tx, scheduler, campaign);
    for (const zone of zones) {
      const payload = { campaignId: campaign.id, zone };
      await putDaily(tx, scheduler, campaign, zone, campaign.tipTime, pushTips.with(payload));
      await putDaily(tx, scheduler, campaign, zone, campaign.reminderTime, remind.with(payload));
    }
  }
}

/** Every morning at 10:10 where the campaign is, also after its end: points outlive it. Once, however late. */
async function putPointExpiry(tx: Db, scheduler: Scheduler, campaign: Campaign): Promise<void> {
  if (campaign.points.expiry === undefined) return;
  const call = expirePoints.with({ campaignId: campaign.id });
  await scheduler.put(tx, {
    key: `${call.job}:${campaign.id}`,
    call,
    when: { cron: '10 10 * * *', zone: campaign.zone, calendar: 'every-day' },
    misfire: { policy: 'once' },
  });
}

/** Mondays at 09:30 where the company is; late is better than not at all, twice is not. */
export async function putWeeklyMisses(tx: Db, scheduler: Scheduler, zone: string): Promise<void> {
  await scheduler.put(tx, {
    key: 'faq.weekly',
    call: weeklyMisses.with({ zone }),
    when: { cron: '30 9 * * 1', zone, calendar: 'every-day' },
    misfire: { policy: 'once' },
  });
}

/** What published rounds want to happen; beside the schedules of campaigns and for the same zones. */
export async function putQuizSchedules(tx: Db, scheduler: Scheduler): Promise<void> {
  for (const { key, call, at, lateMinutes } of await quizSchedules(tx, await zonesInUse(tx))) {
    if (at instanceof Temporal.Instant) {
      const misfire =
        lateMinutes === undefined
          ? { policy: 'once' as const }
          : { policy: 'late-until' as const, minutes: lateMinutes };
      await scheduler.put(tx, { key, call, when: { at }, misfire });
    } else {
      const time = Temporal.PlainTime.from(at.wallTime);
      const minutes = Math.max(1, time.until(LATEST).total('minutes'));
      await scheduler.put(tx, {
        key,
        call,
        when: {
          cron: `${time.minute} ${time.hour} * * *`,
          zone: at.zone,
          calendar: 'every-day',
          from: at.from,
          until: at.until,
        },
        misfire: { policy: 'late-until', minutes },
      });
    }
  }
}

/** Once, at a moment: late as long as it makes sense, or however late. */
export async function putOnce(
  tx: Db,
  scheduler: Scheduler,
  { key, call, at, lateMinutes }: TrainingSchedule,
): Promise<void> {
  const misfire =
    lateMinutes === undefined
      ? { policy: 'once' as const }
      : { policy: 'late-until' as const, minutes: lateMinutes };
  await scheduler.put(tx, { key, call, when: { at }, misfire });
}

/**
 * Reminders of classes, in every zone that somebody lives in, and what follows each class. A class puts its own when it
 * opens and when it moves; here come those of zones that somebody moved to since.
 */
export async function putTrainingSchedules(
  tx: Db,
  scheduler: Scheduler,
  now: Temporal.Instant,
): Promise<void> {
  const wanted = await trainingSchedules(tx, now);
  if (wanted.length === 0) return;
  const rows = await tx
    .select({ key: schedules.key })
    .from(schedules)
    .where(like(schedules.key, 'trainings.%'));
  const known = new Set(rows.map(({ key }) => key));
  for (const schedule of wanted) if (!known.has(schedule.key)) await putOnce(tx, scheduler, schedule);
}

async function putDaily(
  tx: Db,
  scheduler: Scheduler,
  campaign: Campaign,
  zone: string,
  wallTime: string,
  call: JobCall,
): Promise<void> {
  const time = Temporal.PlainTime.from(wallTime);
  const minutes = Math.max(1, time.until(LATEST).total('minutes'));
  await scheduler.put(tx, {
    key: `${call.job}:${campaign.id}:${zone}`,
    call,
    when: {
      cron: `${time.minute} ${time.hour} * * *`,
      zone,
      // Days off are the campaign's own, frozen ones; the job looks there and gives the reason.
      calendar: 'every-day',
      from: startOfDay(campaign.startsOn, zone),
      until: startOfDay(campaign.endsOn.add({ days: 1 }), zone),
    },
    misfire: { policy: 'late-until', minutes },
  });
}

/** Reads the platforms' directories every night; what comes up later than noon waits for the next. */
export async function putDirectorySchedule(
  tx: Db,
  scheduler: Scheduler,
  call: JobCall,
  zone: string,
): Promise<void> {
  await scheduler.put(tx, {
    key: call.job,
    call,
    when: { cron: '23 3 * * *', zone, calendar: 'every-day' },
    misfire: { policy: 'late-until', minutes: 9 * 60 },
  });
}
