import { and, asc, eq, isNull, lte, sql } from 'drizzle-orm';
import { z } from 'zod';
import { type Locale, localeOf } from '../../chat/locale.ts';
import { text as words } from '../../chat/message.ts';
import { groupBy } from '../../kernel/collections.ts';
import type { Db } from '../../kernel/db.ts';
import { defineScheduledJob } from '../../kernel/jobs.ts';
import { isoOf, localDay, startOfDay, type Temporal } from '../../kernel/time.ts';
import { promiseAll } from '../../outbox/outbox.ts';
import { type Campaign, campaignById } from '../campaigns/index.ts';
import { employees } from '../directory/directory.tables.ts';
import { reachable } from '../directory/index.ts';
import { type ExpiryRule, earnedBefore, expiresOn, leftOf, monthToAnnounce } from './rewards.expiry.rules.ts';
import { award } from './rewards.ledger.ts';
import { pointExpiries } from './rewards.tables.ts';
import { text } from './rewards.text.ts';

/** Tells people of what will expire, and books what they were told of and whose day has come. */
export const expirePoints = defineScheduledJob({
  name: 'rewards.expire',
  payload: z.object({ campaignId: z.uuid() }),
  async run(tx, { campaignId }, { now }) {
    const campaign = await campaignById(tx, campaignId);
    const rule = campaign?.points.expiry;
    if (campaign === undefined || rule === undefined) return { kind: 'skipped', reason: 'points-last' };
    await expireTold(tx, campaign, rule, now);
    await announce(tx, campaign, rule, now);
    return { kind: 'fired' };
  },
});

/** What is left of the points that somebody, or everybody, earned in a campaign before a day of the campaign's zone. */
async function leftBefore(
  tx: Db,
  campaign: Campaign,
  day: Temporal.PlainDate,
  employeeId?: string,
): Promise<Map<string, number>> {
  const before = isoOf(startOfDay(day, campaign.zone));
  const whose = employeeId === undefined ? sql`` : sql`and e.account_id = ${employeeId}`;
  // A reversal counts as what it takes back does, and for the moment of that.
  const { rows } = await tx.execute<{ id: string; earned: number; spent: number; expired: number }>(sql`
    with entries as (
      select e.account_id, e.amount, coalesce(o.amount, e.amount) as first, coalesce(o.reason, e.reason) as reason,
             coalesce(o.at, e.at) as at
      from point_entries e
      left join point_entries o on o.transfer_id = e.reverses and o.account_kind = 'employee'
      where e.campaign_id = ${campaign.id} and e.account_kind = 'employee' ${whose}
    )
    select account_id as id,
           coalesce(sum(amount) filter (where reason <> 'expiry' and first > 0 and at < ${before}), 0)::int as earned,
           coalesce(-sum(amount) filter (where reason <> 'expiry' and first < 0), 0)::int as spent,
           coalesce(-sum(amount) filter (where reason = 'expiry'), 0)::int as expired
    from entries group by account_id`);
  return new Map(rows.map(({ id, ...sums }) => [id, leftOf(sums)]));
}

/** Of what somebody was told already and that has not gone yet: nobody hears of the same points twice. */
async function toldBefore(tx: Db, campaignId: string): Promise<Map<string, number>> {
  const rows = await tx
    .select({ id: pointExpiries.employeeId, n: sql<number>`sum(${pointExpiries.amount})::int` })
    .from(pointExpiries)
    .where(and(eq(pointExpiries.campaignId, campaignId), isNull(pointExpiries.doneAt)))
    .groupBy(pointExpiries.employeeId);
  return new Map(rows.map(({ id, n }) => [id, n]));
}

/** Told once for a month, to whoever can be reached; nobody loses points that they could not be told of. */
async function announce(tx: Db, campaign: Campaign, rule: ExpiryRule, now: Temporal.Instant): Promise<void> {
  const today = localDay(now, campaign.zone);
  const month = monthToAnnounce(today, rule);
  if (month === undefined) return;
  const told = await toldBefore(tx, campaign.id);
  const old = await leftBefore(tx, campaign, earnedBefore(month, rule));
  const left = new Map([...old].map(([id, amount]) => [id, amount - (told.get(id) ?? 0)]));
  const addresses = await reachable(
    tx,
    [...left].flatMap(([id, amount]) => (amount > 0 ? [id] : [])),
  );
  const rows = [...addresses.keys()].map((employeeId) => ({
    campaignId: campaign.id,
    employeeId,
    month,
    amount: left.get(employeeId) ?? 0,
    toldAt: now,
    expiresOn: expiresOn(today, rule),
  }));
  if (rows.length === 0) return;
  const first: typeof rows = [];
  for (let start = 0; start < rows.length; start += ROWS_A_STATEMENT) {
    const set = rows.slice(start, start + ROWS_A_STATEMENT);
    const written = await tx
      .insert(pointExpiries)
      .values(set)
      .onConflictDoNothing()
      .returning({ employeeId: pointExpiries.employeeId });
    const isNew = new Set(written.map(({ employeeId }) => employeeId));
    first.push(...set.filter(({ employeeId }) => isNew.has(employeeId)));
  }
  const locales = await localesOf(
    tx,
    first.map(({ employeeId }) => employeeId),
  );
  const alike = groupBy(first, ({ employeeId, amount }) => `${locales.get(employeeId)} ${amount}`);
  await promiseAll(
    tx,
    [...alike.values()].map((same) => {
      const { employeeId, amount, expiresOn: day } = same[0] as (typeof same)[number];
      const t = text[locales.get(employeeId) ?? 'zh-CN'];
      return {
        purpose: 'rewards.expiry',
        priority: 'campaign' as const,
        campaignId: campaign.id,
        content: words(t.expires(amount, day.toString(), rule.afterMonths)),
        recipients: same.map((one) => ({
          employeeId: one.employeeId,
          address: addresses.get(one.employeeId),
        })),
        at: now,
        expiresAt: startOfDay(day, campaign.zone),
      };
    }),
  );
}

const ROWS_A_STATEMENT = 5_000;

async function localesOf(tx: Db, ids: readonly string[]): Promise<Map<string, Locale>> {
  const rows = await tx
    .select({ id: employees.id, locale: employees.locale })
    .from(employees)
    .where(sql`${employees.id} = any(${sql.param([...ids])}::uuid[])`);
  return new Map(rows.map(({ id, locale }) => [id, localeOf(locale)]));
}

/** Books what was told and is still there: what was spent or taken back meanwhile does not go twice. */
async function expireTold(
  tx: Db,
  campaign: Campaign,
  rule: ExpiryRule,
  now: Temporal.Instant,
): Promise<void> {
  const due = await tx
    .select()
    .from(pointExpiries)
    .where(
      and(
        eq(pointExpiries.campaignId, campaign.id),
        lte(pointExpiries.expiresOn, localDay(now, campaign.zone)),
        isNull(pointExpiries.doneAt),
      ),
    )
    .orderBy(asc(pointExpiries.month), asc(pointExpiries.employeeId))
    .for('update');
  for (const [, told] of groupBy(due, ({ month }) => month.toString())) {
    const [{ month }] = told as [(typeof told)[number]];
    const left = await leftBefore(tx, campaign, earnedBefore(month, rule));
    await award(
      tx,
      told.map(({ employeeId, amount }) => ({
        key: `expiry:${campaign.id}:${employeeId}:${month.toString()}`,
        campaignId: campaign.id,
        employeeId,
        amount: -Math.min(amount, left.get(employeeId) ?? 0),
        reason: 'expiry' as const,
        at: now,
      })),
    );
    await tx
      .update(pointExpiries)
      .set({ doneAt: now })
      .where(
        and(
          eq(pointExpiries.campaignId, campaign.id),
          eq(pointExpiries.month, month),
          lte(pointExpiries.expiresOn, localDay(now, campaign.zone)),
          isNull(pointExpiries.doneAt),
        ),
      );
  }
}

/** What somebody was told of and still has: how many points go, and when. */
export async function expiringOf(
  tx: Db,
  campaign: Campaign,
  employeeId: string,
): Promise<{ amount: number; on: Temporal.PlainDate } | undefined> {
  const rule = campaign.points.expiry;
  if (rule === undefined) return undefined;
  const [next] = await tx
    .select()
    .from(pointExpiries)
    .where(
      and(
        eq(pointExpiries.campaignId, campaign.id),
        eq(pointExpiries.employeeId, employeeId),
        isNull(pointExpiries.doneAt),
      ),
    )
    .orderBy(asc(pointExpiries.expiresOn))
    .limit(1);
  if (next === undefined) return undefined;
  const left = await leftBefore(tx, campaign, earnedBefore(next.month, rule), employeeId);
  const amount = Math.min(next.amount, left.get(employeeId) ?? 0);
  return amount > 0 ? { amount, on: next.expiresOn } : undefined;
}
