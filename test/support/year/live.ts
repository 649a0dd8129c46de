import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { type Campaign, daysOfCampaign } from '#src/features/campaigns/index.ts';
import { type Completion, complete } from '#src/features/checkins/index.ts';
import { type Correction, correct } from '#src/features/corrections/index.ts';
import { excuse } from '#src/features/excusals/index.ts';
import { declare, report } from '#src/features/incidents/incidents.service.ts';
import type { Db } from '#src/kernel/db.ts';
import { localDay, Temporal } from '#src/kernel/time.ts';
import { foundOrganisation } from './organisation.ts';
import { chance, type Hour, hours, isEmployed, leavesOf, outageHits, outages, tapOf } from './plan.ts';

export interface Year {
  campaign: Campaign;
  /** Deeds that went through the product one by one. */
  lived: {
    taps: number;
    redelivered: number;
    twice: number;
    excusals: number;
    corrections: number;
    excusedByOutage: number;
  };
}

interface Workday {
  day: Temporal.PlainDate;
  iso: string;
  /** The how-manieth workday of the year. */
  index: number;
}

const PEOPLE_A_SET = 1_000;
/** Groups of people that live beside one another, once they are many: as many as keep two cores busy. */
const SHARDS = 3;
const PEOPLE_A_SHARD = 1_000;
const AMNESTY = {
  from: Temporal.PlainTime.from('09:00'),
  to: Temporal.PlainTime.from('18:00'),
  share: 25,
  gapMinutes: 5,
};

/**
 * A year of an organisation, day after day, through the product's own functions: check-ins and redeliveries by `complete`,
 * leave and trips by `excuse`, outages by `declare`, appeals and make-ups by `correct`. Each keeps the stored streaks as it
 * does in life. `monthOver` is called when everything of a month has arrived.
 */
export async function liveAYear(
  db: Db,
  people: number,
  monthOver: (campaign: Campaign, month: string) => Promise<void>,
): Promise<Year> {
  const { campaign, ids } = await foundOrganisation(db, people);
  const workdays = (await daysOfCampaign(db, campaign.id))
    .filter(({ workday }) => workday)
    .map(({ day }, index): Workday => ({ day, iso: day.toString(), index }));
  const lived = { taps: 0, redelivered: 0, twice: 0, excusals: 0, corrections: 0, excusedByOutage: 0 };
  const shards = Array.from({ length: shardsOf(people) }, (_, shard) =>
    shardOf({ db, campaign, ids, people, lived }, shard),
  );
  for (let month = 1; month <= 12; month += 1) {
    const name = `2026-${String(month).padStart(2, '0')}`;
    const days = workdays.filter(({ iso }) => iso.startsWith(name));
    lived.excusals += await tellLeave(db, ids, name, false);
    let done = 0;
    for (const outage of outages.filter(({ day }) => day.startsWith(name))) {
      const until = days.findIndex(({ iso }) => iso === outage.day) + 1;
      await Promise.all(shards.map((live) => live(days.slice(done, until), 'more-to-come')));
      done = until;
      const at = Temporal.Instant.from(`${outage.day}T12:00:00Z`);
      // Declared before the platform brings what it kept: those taps win over the excusal.
      lived.excusedByOutage += await db.transaction(async (tx) => {
        const { id } = await report(tx, outage, { zone: campaign.zone, rule: AMNESTY, at });
        return (
          await declare(tx, id, {
            rule: AMNESTY,
            by: 'E1 管理员',
            byName: '管理员',
            reason: outage.title,
            at,
          })
        ).people;
      });
    }
    await Promise.all(shards.map((live) => live(days.slice(done), 'month-ends')));
    lived.excusals += await tellLeave(db, ids, name, true);
    lived.corrections += await correctSome(db, campaign, ids, days);
    await seen(db, campaign, name, people);
    // What autovacuum does in life, where a month lasts longer.
    await db.execute(sql`vacuum (analyze) checkins, task_completions, usage_days, streaks, excused_days`);
    await monthOver(campaign, name);
  }
  return { campaign, lived };
}

const shardsOf = (people: number): number =>
  Math.max(1, Math.min(SHARDS, Math.floor(people / PEOPLE_A_SHARD)));

/** The people of one shard, live day after day; what is delivered late is carried from call to call. */
function shardOf(
  year: { db: Db; campaign: Campaign; ids: readonly string[]; people: number; lived: Year['lived'] },
  shard: number,
): (days: readonly Workday[], then: 'more-to-come' | 'month-ends') => Promise<void> {
  const { db, campaign, ids, people, lived } = year;
  const moments = new Map<string, Temporal.Instant>();
  let onItsWay: Completion[] = [];

  function momentOf(day: Workday, zone: string, hour: Hour): Temporal.Instant {
    const key = `${day.iso} ${zone} ${hour}`;
    let moment = moments.get(key);
    if (moment === undefined) {
      moment = day.day.toZonedDateTime({ timeZone: zone, plainTime: hours[hour] }).toInstant();
      if (localDay(moment, zone).toString() !== day.iso) throw new Error(`${key} lies on another day`);
      moments.set(key, moment);
    }
    return moment;
  }

  async function hand(completions: readonly Completion[]): Promise<void> {
    for (let from = 0; from < completions.length; from += PEOPLE_A_SET) {
      const set = completions.slice(from, from + PEOPLE_A_SET);
      await db.transaction((tx) => complete(tx, set));
      lived.taps += set.length;
    }
  }

  async function arrive(): Promise<void> {
    const late = onItsWay;
    onItsWay = [];
    await hand(late);
    lived.redelivered += late.length;
    // A platform that heard no answer brings some of them once more.
    const twice = late.filter((_, index) => index % 7 === 0);
    await hand(twice);
    lived.twice += twice.length;
  }

  async function live(day: Workday): Promise<void> {
    const early: Completion[] = [];
    const rest: Completion[] = [];
    const late: Completion[] = [];
    for (let n = shard; n < people; n += shardsOf(people)) {
      const tap = tapOf(n, day.iso, day.index);
      const outage = tap === undefined ? undefined : outageHits(n, day.iso);
      if (tap === undefined || outage === 'lost') continue;
      const redelivered = tap.redelivered || outage === 'delivered-later';
      const at = momentOf(day, tap.zone, outage === 'delivered-later' ? 'noon' : tap.hour);
      const one: Completion = {
        campaign,
        employeeId: ids[n] as string,
        day: day.day,
        zone: tap.zone,
        task: 'learn-tip',
        grade: 'tap',
        tipId: undefined,
        at,
        receivedAt: redelivered ? at.add({ hours: 6 }) : at,
        channel: 'sandbox',
        eventKey: `${n} ${day.index}`,
      };
      (redelivered ? late : tap.hour === 'night' ? early : rest).push(one);
    }
    await hand(early);
    await arrive();
    await hand(rest);
    onItsWay = late;
  }

  return async (days, then) => {
    for (const day of days) await live(day);
    if (then === 'month-ends') await arrive();
  };
}

const deed = (day: string) => ({ by: 'H1 人事', at: Temporal.Instant.from(`${day}T01:00:00Z`) });

/** Leave that begins in this month, as the import writes it; what is told afterwards, or changed, comes at its end. */
async function tellLeave(db: Db, ids: readonly string[], month: string, atItsEnd: boolean): Promise<number> {
  let told = 0;
  let set: Parameters<typeof excuse>[2][number][] = [];
  const write = async (): Promise<void> => {
    await db.transaction((tx) => excuse(tx, 'import', set, deed(`${month}-${atItsEnd ? '28' : '01'}`)));
    told += set.length;
    set = [];
  };
  for (const [n, employeeId] of ids.entries()) {
    for (const { reference, from, to, reason, afterwards, change } of leavesOf(n)) {
      if (!from.startsWith(month) || (atItsEnd ? !afterwards && change === undefined : afterwards)) continue;
      const until = atItsEnd && change === 'shorter' ? from : to;
      const withdrawn = atItsEnd && change === 'withdrawn';
      const days = { from: Temporal.PlainDate.from(from), to: Temporal.PlainDate.from(until) };
      set.push({ employeeId, ...days, reason, reference, note: null, withdrawn });
    }
    if (set.length >= PEOPLE_A_SET) await write();
  }
  await write();
  return told;
}

/** A dozen people a month and one in five hundred: days that count after all, and some that do not. */
async function correctSome(
  db: Db,
  campaign: Campaign,
  ids: readonly string[],
  days: readonly Workday[],
): Promise<number> {
  const step = Math.max(1, Math.floor(ids.length / Math.max(12, ids.length / 500)));
  const corrections: Correction[] = [];
  const month = Number(days[0]?.iso.slice(5, 7));
  for (let n = (month * 7) % step; n < ids.length; n += step) {
    const day = days[chance(n, 21, month) % days.length];
    if (day === undefined || !isEmployed(n, day.iso)) continue;
    const kind = chance(n, 22, month);
    const one = { campaignId: campaign.id, employeeId: ids[n] as string, day: day.day, by: 'H1 人事' };
    const by = { causeId: randomUUID(), reason: '查实', at: Temporal.Instant.from(`${day.iso}T12:00:00Z`) };
    if (kind < 25) corrections.push({ ...one, ...by, effect: 'does-not-count', cause: 'revoked' });
    else corrections.push({ ...one, ...by, effect: 'counts', cause: kind < 60 ? 'make-up' : 'appeal' });
    // What was taken away comes back by an appeal: the last one holds.
    if (kind < 8) corrections.push({ ...one, ...by, effect: 'counts', cause: 'appeal' });
  }
  for (const one of corrections) await db.transaction((tx) => correct(tx, [one]));
  return corrections.length;
}

/** Answers, what people say they did, and what a server saw: these decide about pay and move no streak. */
async function seen(db: Db, campaign: Campaign, month: string, people: number): Promise<void> {
  const percent = (what: string) => sql.raw(`(abs(hashtext(e.number || '${what}' || d.day::text)) % 100)`);
  const worked = sql`
    employees e join campaign_days d on d.campaign_id = ${campaign.id} and d.workday
      and to_char(d.day, 'YYYY-MM') = ${month}
    where e.number like 'Y%' and e.number < ${`Y${String(people).padStart(6, '0')}`}`;
  await db.execute(sql`
    insert into task_completions (campaign_id, employee_id, day, task, grade, at, received_at, channel, event_key)
    select ${campaign.id}::uuid, e.id, d.day, 'answer', 'answered', d.day + interval '3 hours', d.day + interval '3 hours',
           'sandbox', 'answer' || e.number || d.day
    from ${worked} and ${percent('answer')} < 8`);
  await db.execute(sql`
    insert into task_completions (campaign_id, employee_id, day, task, grade, at, received_at, channel, event_key)
    select ${campaign.id}::uuid, e.id, d.day, 'use-software', 'self-declared', d.day + interval '4 hours',
           d.day + interval '4 hours', 'sandbox', 'use' || e.number || d.day
    from ${worked} and ${percent('use')} < 2`);
  await db.execute(sql`
    insert into usage_days (employee_id, day, source, received_at)
    select e.id, d.day, 'upgrade-server', d.day + interval '20 hours' from ${worked} and ${percent('seen')} < 7`);
}
