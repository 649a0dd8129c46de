import { and, asc, eq, isNull, sql } from 'drizzle-orm';
import { dayInWords } from '../../chat/dates.ts';
import { type Locale, localeOf } from '../../chat/locale.ts';
import { card, type Message, text as words } from '../../chat/message.ts';
import { oneAtATime } from '../../chat/one-at-a-time.ts';
import type { Db } from '../../kernel/db.ts';
import { AppError } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { localDay, type Temporal } from '../../kernel/time.ts';
import { promise } from '../../outbox/outbox.ts';
import type { Campaign } from '../campaigns/index.ts';
import { currentFor } from '../checkins/index.ts';
import { correct } from '../corrections/index.ts';
import { employees } from '../directory/directory.tables.ts';
import { departmentOn, reachable, zonesAt } from '../directory/index.ts';
import { approversOf } from './makeups.approvers.ts';
import { factsOf, isCounted, type RepairRule, repairRule } from './makeups.facts.ts';
import { type Judgement, judge, periodFrom } from './makeups.rules.ts';
import { makeupDecisions, makeupRequests } from './makeups.tables.ts';
import { text } from './makeups.text.ts';

export type MakeupRequest = typeof makeupRequests.$inferSelect;

/** The name of the command that the buttons of the approver's card carry. */
export const DECIDE = 'makeups.decide';
export const MOST_REASON = 200;

export interface Asking {
  campaign: Campaign;
  employeeId: string;
  day: Temporal.PlainDate;
  /** The person's day at the time of asking. */
  today: Temporal.PlainDate;
  at: Temporal.Instant;
}

export type Asked =
  | { kind: 'refused'; why: Exclude<Judgement, 'ok'>; rule: RepairRule }
  | { kind: 'approved'; current: number }
  | { kind: 'asked'; left: number; approvers: number };

/** Whether somebody may ask for a day, without asking for it yet. */
export async function mayAsk(tx: Db, asking: Asking): Promise<{ judgement: Judgement; rule: RepairRule }> {
  const rule = await repairRule(tx, asking.campaign.id, periodFrom(asking.day, asking.campaign));
  return { judgement: judge(await factsOf(tx, asking, asking.day), rule.makeUps), rule };
}

/** Asks for a missed day; where the rule needs nobody's yes the day counts at once, else the approvers get a card. */
export async function ask(tx: Db, asking: Asking & { reason: string }): Promise<Asked> {
  const { campaign, employeeId, day, at, reason } = asking;
  await oneAtATime(tx, [employeeId]);
  const { judgement, rule } = await mayAsk(tx, asking);
  if (judgement !== 'ok') return { kind: 'refused', why: judgement, rule };
  const { approver, perPeriod } = rule.makeUps;
  const { used } = await factsOf(tx, asking, day);
  const request: MakeupRequest = {
    id: newId(),
    campaignId: campaign.id,
    employeeId,
    day,
    periodFrom: periodFrom(day, campaign),
    reason,
    approver,
    at,
  };
  await tx.insert(makeupRequests).values(request);
  if (approver === 'nobody') {
    await decide(tx, request.id, { outcome: 'approved', by: 'rule', reason: null, at, tellPerson: false });
    return { kind: 'approved', current: await currentFor(tx, campaign, employeeId, asking.today) };
  }
  const approvers = await approversOf(tx, { employeeId, approver, day: asking.today });
  await tellApprovers(tx, request, approvers);
  return { kind: 'asked', left: perPeriod - used - 1, approvers: approvers.length };
}

export interface Decision {
  outcome: 'approved' | 'refused';
  by: string;
  reason: string | null;
  at: Temporal.Instant;
  /** Not when the answer to their own words says it. */
  tellPerson?: boolean;
}

/**
 * Decides a request, once; the first decision holds. A day that counts by itself meanwhile makes the request moot and
 * uses nothing up. Rejects with AppError `makeup.not-found` or `makeup.decided`.
 */
export async function decide(
  tx: Db,
  requestId: string,
  { outcome: wanted, by, reason, at, tellPerson = true }: Decision,
): Promise<{ request: MakeupRequest; outcome: 'approved' | 'refused' | 'moot' }> {
  const request = await requestBy(tx, requestId);
  const { campaignId, employeeId, day } = request;
  await oneAtATime(tx, [employeeId]);
  const moot = await isCounted(tx, campaignId, employeeId, day);
  const outcome = moot ? 'moot' : wanted;
  const [written] = await tx
    .insert(makeupDecisions)
    .values({ requestId, outcome, by, reason, at })
    .onConflictDoNothing()
    .returning();
  if (written === undefined)
    throw new AppError('makeup.decided', `make-up ${requestId} is decided`, { details: { id: requestId } });
  if (outcome === 'approved') {
    await correct(tx, [
      {
        campaignId,
        employeeId,
        day,
        effect: 'counts',
        cause: 'make-up',
        causeId: requestId,
        reason: request.reason,
        by,
        at,
      },
    ]);
  }
  if (tellPerson) await tellOutcome(tx, request, outcome, reason ?? '', at);
  return { request, outcome };
}

/** Rejects with AppError `makeup.not-found`. */
export async function requestBy(tx: Db, id: string): Promise<MakeupRequest> {
  const [request] = await tx.select().from(makeupRequests).where(eq(makeupRequests.id, id));
  if (request === undefined)
    throw new AppError('makeup.not-found', `there is no make-up ${id}`, { details: { id } });
  return request;
}

export async function isDecided(tx: Db, id: string): Promise<boolean> {
  const rows = await tx
    .select()
    .from(makeupDecisions)
    .where(and(eq(makeupDecisions.requestId, id)));
  return rows.length > 0;
}

/** Whether this person may decide the request: one of those who got the card. */
export async function mayDecide(
  tx: Db,
  request: MakeupRequest,
  decider: { employeeId: string; day: Temporal.PlainDate },
): Promise<boolean> {
  const { employeeId, approver } = request;
  return (await approversOf(tx, { employeeId, approver, day: decider.day })).includes(decider.employeeId);
}

async function tellApprovers(tx: Db, request: MakeupRequest, approvers: readonly string[]): Promise<void> {
  const { employeeId, day, reason, id, at } = request;
  const { name, number } = await personOf(tx, employeeId);
  const department = await departmentOn(tx, employeeId, day);
  await tell(tx, approvers, 'makeups.request', at, (locale) => {
    const t = text[locale];
    return card({
      title: t.cardTitle,
      tone: 'notice',
      body: t.cardBody(name, dayInWords(day, locale)),
      facts: [
        { label: t.reason, value: reason },
        { label: t.department, value: department?.name ?? '-' },
      ],
      buttons: [
        {
          label: t.agree,
          tone: 'primary',
          action: { name: DECIDE, data: { r: id, o: 'approved' } },
          word: t.agreeWord(number).slice(0, 32),
        },
        {
          label: t.disagree,
          tone: 'danger',
          action: { name: DECIDE, data: { r: id, o: 'refused' } },
          word: t.disagreeWord(number).slice(0, 32),
        },
      ],
    });
  });
}

async function tellOutcome(
  tx: Db,
  { campaignId, employeeId, day }: MakeupRequest,
  outcome: 'approved' | 'refused' | 'moot',
  reason: string,
  at: Temporal.Instant,
): Promise<void> {
  const zone = (await zonesAt(tx, [employeeId], at)).get(employeeId) ?? 'UTC';
  const current = await currentFor(tx, campaignId, employeeId, localDay(at, zone));
  await tell(tx, [employeeId], 'makeups.decision', at, (locale) => {
    const { told } = text[locale];
    const said = dayInWords(day, locale);
    if (outcome === 'approved') return words(told.approved(said, current));
    return words(outcome === 'moot' ? told.moot(said) : told.refused(said, reason));
  });
}

async function tell(
  tx: Db,
  ids: readonly string[],
  purpose: string,
  at: Temporal.Instant,
  contentFor: (locale: Locale) => Message,
): Promise<void> {
  const addresses = await reachable(tx, ids);
  for (const employeeId of ids) {
    const [person] = await tx
      .select({ locale: employees.locale })
      .from(employees)
      .where(eq(employees.id, employeeId));
    await promise(tx, {
      purpose,
      priority: 'answer',
      content: contentFor(localeOf(person?.locale ?? '')),
      recipients: [{ employeeId, address: addresses.get(employeeId) }],
      at,
    });
  }
}

export async function nameOf(tx: Db, employeeId: string): Promise<string> {
  return (await personOf(tx, employeeId)).name;
}

async function personOf(tx: Db, employeeId: string): Promise<{ name: string; number: string }> {
  const [person] = await tx
    .select({ name: employees.name, number: employees.number })
    .from(employees)
    .where(eq(employees.id, employeeId));
  return person ?? { name: '', number: '' };
}

/** The oldest request that waits for this person; of somebody in particular when a 工号 is given. */
export async function waitingFor(
  tx: Db,
  decider: { employeeId: string; day: Temporal.PlainDate },
  number: string,
): Promise<string | undefined> {
  const rows = await tx
    .select({ request: makeupRequests })
    .from(makeupRequests)
    .innerJoin(employees, eq(employees.id, makeupRequests.employeeId))
    .leftJoin(makeupDecisions, eq(makeupDecisions.requestId, makeupRequests.id))
    .where(
      and(
        isNull(makeupDecisions.requestId),
        number === '' ? undefined : sql`lower(${employees.number}) = lower(${number})`,
      ),
    )
    .orderBy(asc(makeupRequests.id))
    .limit(MOST_WAITING);
  for (const { request } of rows) if (await mayDecide(tx, request, decider)) return request.id;
  return undefined;
}

const MOST_WAITING = 200;
