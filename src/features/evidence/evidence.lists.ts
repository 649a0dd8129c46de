import { and, asc, eq, gte, inArray, lt, or, sql } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';
import { startOfDay, type Temporal } from '../../kernel/time.ts';
import { deliveries, outboxMessages } from '../../outbox/outbox.tables.ts';
import { campaigns } from '../campaigns/campaigns.tables.ts';
import { activeCampaignFor, calendarOf } from '../campaigns/index.ts';
import { checkins, taskCompletions } from '../checkins/checkins.tables.ts';
import { pointEntries } from '../rewards/rewards.tables.ts';
import { tips } from '../tips/tips.tables.ts';
import type { Evidence } from './evidence.api.ts';

const tipName = { key: tips.key, title: tips.title };

export async function campaignOf(
  tx: Db,
  employeeId: string,
  day: Temporal.PlainDate,
): Promise<Evidence['campaign']> {
  const campaign = (await activeCampaignFor(tx, [employeeId], day)).get(employeeId);
  if (campaign === undefined) return null;
  const { id, key, name } = campaign;
  const calendar = await calendarOf(tx, campaign);
  return { id, key, name, workday: calendar.isWorkday(day), dayName: calendar.nameOf(day) };
}

/** The campaigns as a set to look in, because the evidence is indexed by campaign and person. */
const anyCampaign = (tx: Db) => tx.select({ id: campaigns.id }).from(campaigns);

export async function completionsOn(
  tx: Db,
  employeeId: string,
  day: Temporal.PlainDate,
): Promise<Evidence['completions']> {
  const rows = await tx
    .select({
      campaignId: taskCompletions.campaignId,
      task: taskCompletions.task,
      grade: taskCompletions.grade,
      tip: tipName,
      at: taskCompletions.at,
      receivedAt: taskCompletions.receivedAt,
      channel: taskCompletions.channel,
      eventKey: taskCompletions.eventKey,
      detail: taskCompletions.detail,
    })
    .from(taskCompletions)
    .leftJoin(tips, eq(tips.id, taskCompletions.tipId))
    .where(
      and(
        inArray(taskCompletions.campaignId, anyCampaign(tx)),
        eq(taskCompletions.employeeId, employeeId),
        eq(taskCompletions.day, day),
      ),
    )
    .orderBy(asc(taskCompletions.at));
  return rows.map(withTexts);
}

export async function checkinsOn(
  tx: Db,
  employeeId: string,
  day: Temporal.PlainDate,
): Promise<Evidence['checkins']> {
  const rows = await tx
    .select({
      campaignId: checkins.campaignId,
      at: checkins.at,
      receivedAt: checkins.receivedAt,
      zone: checkins.zone,
      grade: checkins.grade,
      channel: checkins.channel,
      tip: tipName,
    })
    .from(checkins)
    .leftJoin(tips, eq(tips.id, checkins.tipId))
    .where(
      and(
        inArray(checkins.campaignId, anyCampaign(tx)),
        eq(checkins.employeeId, employeeId),
        eq(checkins.day, day),
      ),
    )
    .orderBy(asc(checkins.at));
  return rows.map(withTexts);
}

/** From the first moment of a day in a zone to the first of the next. */
export interface Span {
  from: Temporal.Instant;
  to: Temporal.Instant;
}

export function spanOf(day: Temporal.PlainDate, zone: string): Span {
  return { from: startOfDay(day, zone), to: startOfDay(day.add({ days: 1 }), zone) };
}

/** What was booked within the span, and whenever it was that some of it was taken back. */
export async function pointsIn(tx: Db, employeeId: string, span: Span): Promise<Evidence['points']> {
  const { accountId, accountKind, at, transferId, reverses } = pointEntries;
  const own = and(eq(accountId, employeeId), eq(accountKind, 'employee'));
  const within = and(gte(at, span.from), lt(at, span.to));
  const booked = tx.select({ id: transferId }).from(pointEntries).where(and(own, within));
  const rows = await tx
    .select({
      key: pointEntries.key,
      campaignId: pointEntries.campaignId,
      amount: pointEntries.amount,
      reason: pointEntries.reason,
      reverses,
      ruleVersion: pointEntries.ruleVersion,
      at,
    })
    .from(pointEntries)
    .where(and(own, or(within, inArray(reverses, booked))))
    .orderBy(asc(at), asc(pointEntries.key));
  return rows.map((row) => ({ ...row, at: row.at.toString() }));
}

export async function deliveriesIn(tx: Db, employeeId: string, span: Span): Promise<Evidence['deliveries']> {
  const rows = await tx
    .select({
      messageId: deliveries.messageId,
      purpose: outboxMessages.purpose,
      title: sql<string | null>`${outboxMessages.content} -> 'card' ->> 'title'`,
      channel: deliveries.channel,
      state: deliveries.state,
      reason: deliveries.reason,
      plannedAt: deliveries.plannedAt,
      changedAt: deliveries.changedAt,
    })
    .from(deliveries)
    .innerJoin(outboxMessages, eq(outboxMessages.id, deliveries.messageId))
    .where(
      and(
        eq(deliveries.employeeId, employeeId),
        gte(deliveries.plannedAt, span.from),
        lt(deliveries.plannedAt, span.to),
      ),
    )
    .orderBy(asc(deliveries.plannedAt), asc(deliveries.messageId));
  return rows.map(({ channel, plannedAt, changedAt, ...row }) => ({
    ...row,
    channel: (channel as string) === '' ? null : channel,
    plannedAt: plannedAt.toString(),
    changedAt: changedAt.toString(),
  }));
}

function withTexts<Row extends { at: Temporal.Instant; receivedAt: Temporal.Instant }>({
  at,
  receivedAt,
  ...row
}: Row) {
  return { ...row, at: at.toString(), receivedAt: receivedAt.toString() };
}
