import { and, eq, sql } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';
import { AppError } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { Temporal } from '../../kernel/time.ts';
import { employees } from '../directory/directory.tables.ts';
import { type Checked, checkNotice, refuseProblems } from './notices.check.ts';
import type { NoticeDeps } from './notices.deps.ts';
import { documentLadder, isSamePerson } from './notices.rules.ts';
import {
  type Notice,
  type NoticeActor,
  type NoticeAttachment,
  type NoticeAudience,
  type NoticeState,
  noticeSteps,
  notices,
  type Rung,
} from './notices.tables.ts';

/** What somebody writes; what is left out has its ordinary value. */
export interface NoticeInput {
  kind?: 'notice' | 'document';
  format?: 'card' | 'text';
  title: string;
  body: string;
  values?: Record<string, string>;
  fields?: Record<string, Record<string, string>>;
  issuer?: string | null;
  documentNumber?: string | null;
  signatories?: string[];
  attachments?: NoticeAttachment[];
  link?: { label: string; url: string } | null;
  needsAcknowledgement?: boolean;
  takesSignUp?: boolean;
  audience: NoticeAudience;
  toGroups?: boolean;
  urgentReason?: string | null;
  rings?: boolean;
  campaignId?: string | null;
  ladder?: Rung[];
  sendAt?: Temporal.Instant | null;
  sendsWhenApproved?: boolean;
}

/** Who does something, and when. */
export interface Deed {
  by: NoticeActor;
  at: Temporal.Instant;
}

/** A document must be acknowledged and has a ladder of reminders, whatever was said. */
function valuesOf(input: NoticeInput) {
  const isDocument = input.kind === 'document';
  const needsAcknowledgement = isDocument || (input.needsAcknowledgement ?? false);
  return {
    kind: input.kind ?? ('notice' as const),
    format: input.format ?? ('card' as const),
    title: input.title.trim(),
    body: input.body.trim(),
    values: input.values ?? {},
    fields: input.fields ?? {},
    issuer: input.issuer ?? null,
    documentNumber: input.documentNumber ?? null,
    signatories: input.signatories ?? [],
    attachments: input.attachments ?? [],
    link: input.link ?? null,
    needsAcknowledgement,
    takesSignUp: input.takesSignUp ?? false,
    audience: input.audience,
    toGroups: input.toGroups ?? false,
    urgentReason: input.urgentReason ?? null,
    rings: input.rings ?? false,
    campaignId: input.campaignId ?? null,
    ladder: input.ladder ?? (isDocument ? [...documentLadder] : []),
    sendAt: input.sendAt ?? null,
    sendsWhenApproved: input.sendsWhenApproved ?? false,
  };
}

/** Keeps a draft. `byLiaison` binds it to the departments that this employee looks after. */
export async function createNotice(
  tx: Db,
  input: NoticeInput & { byLiaison?: string | null; corrects?: string | null },
  { by, at }: Deed,
): Promise<Notice> {
  const [made] = await tx
    .insert(notices)
    .values({
      ...valuesOf(input),
      id: newId(),
      state: 'draft',
      corrects: input.corrects ?? null,
      byLiaison: input.byLiaison ?? null,
      preparedBy: { ...by, at: at.toString() },
      createdAt: at,
      changedAt: at,
    })
    .returning();
  await noteStep(tx, made as Notice, 'drafted', { by, at });
  return made as Notice;
}

const CHANGEABLE: readonly NoticeState[] = ['draft', 'in-review', 'approved', 'scheduled'];

/** Changes what has not gone out. Whatever was approved counts no more: the words are others now. */
export async function editNotice(
  tx: Db,
  deps: NoticeDeps,
  id: string,
  input: NoticeInput,
  deed: Deed,
): Promise<Notice> {
  const notice = await lockedNotice(tx, id, CHANGEABLE);
  if (notice.state === 'scheduled') await deps.schedules.remove(tx, sendKey(id));
  const { fields, campaignId } = notice;
  const values = valuesOf({ fields, campaignId, ...input });
  return changed(tx, notice, 'edited', deed, { ...values, state: 'draft', ...unapproved });
}

const unapproved = { reviewedBy: null, approvedBy: null, approvalUntil: null, approvedFor: null };

/**
 * Looks at everything that can be known and, where somebody else has to approve, waits for them; else it is approved
 * by the rule. Rejects with AppError for the first thing that is wrong.
 */
export async function submitNotice(
  tx: Db,
  deps: NoticeDeps,
  id: string,
  deed: Deed,
): Promise<{ notice: Notice; checked: Checked }> {
  const draft = await lockedNotice(tx, id, ['draft']);
  await refuseBeyondQuota(tx, deps, draft, deed);
  const checked = await checkNotice(tx, deps, draft, deed.at);
  refuseProblems(checked);
  const detail = { people: checked.people.length, findings: checked.findings };
  const state = checked.needsApproval ? ('in-review' as const) : ('approved' as const);
  const approvedFor = checked.needsApproval ? null : checked.people.length;
  const step = checked.needsApproval ? 'submitted' : 'approved-by-rule';
  const notice = await changed(tx, draft, step, deed, { state, ...unapproved, approvedFor }, detail);
  return { notice, checked };
}

/** The second pair of eyes of a document. */
export async function reviewNotice(tx: Db, id: string, deed: Deed): Promise<Notice> {
  const notice = await lockedNotice(tx, id, ['in-review']);
  refuseOwn([notice.preparedBy], deed.by);
  return changed(tx, notice, 'reviewed', deed, { reviewedBy: { ...deed.by, at: deed.at.toString() } });
}

/** Rejects with AppError `notice.same-person`, `notice.not-reviewed`, or for what is wrong by now. */
export async function approveNotice(tx: Db, deps: NoticeDeps, id: string, deed: Deed): Promise<Notice> {
  const notice = await lockedNotice(tx, id, ['in-review']);
  if (notice.kind === 'document' && notice.reviewedBy === null)
    throw new AppError('notice.not-reviewed', 'a document is reviewed before it is approved');
  refuseOwn([notice.preparedBy, notice.reviewedBy], deed.by);
  const checked = await checkNotice(tx, deps, notice, deed.at);
  refuseProblems(checked);
  // Whoever approves sees when it goes out: to then the approval holds, however far away.
  const usual = deed.at.add({ hours: deps.settings.approvalHours });
  const approvalUntil = isLater(notice.sendAt, usual) ? notice.sendAt : usual;
  return changed(
    tx,
    notice,
    'approved',
    deed,
    {
      state: 'approved',
      approvedBy: { ...deed.by, at: deed.at.toString() },
      approvalUntil,
      approvedFor: checked.people.length,
    },
    { people: checked.people.length },
  );
}

function refuseOwn(earlier: readonly (NoticeActor | null)[], by: NoticeActor): void {
  if (earlier.some((one) => isSamePerson(one, by)))
    throw new AppError('notice.same-person', 'preparer, reviewer and approver must be different people');
}

/** Back to whoever wrote it. */
export async function rejectNotice(tx: Db, id: string, reason: string, deed: Deed): Promise<Notice> {
  const notice = await lockedNotice(tx, id, ['in-review', 'approved']);
  return changed(tx, notice, 'rejected', deed, { state: 'draft', ...unapproved }, { reason });
}

/** Ends what has not gone out. */
export async function cancelNotice(tx: Db, deps: NoticeDeps, id: string, deed: Deed): Promise<Notice> {
  const notice = await lockedNotice(tx, id, CHANGEABLE);
  await deps.schedules.remove(tx, sendKey(id));
  return changed(tx, notice, 'cancelled', deed, { state: 'cancelled', closedAt: deed.at });
}

/** Nobody is reminded any more. */
export async function closeNotice(tx: Db, deps: NoticeDeps, id: string, deed: Deed): Promise<Notice> {
  const notice = await lockedNotice(tx, id, ['sent']);
  await endLadder(tx, deps, notice);
  return changed(tx, notice, 'closed', deed, { state: 'closed', closedAt: deed.at });
}

export async function endLadder(tx: Db, deps: NoticeDeps, { id, ladder }: Notice): Promise<void> {
  for (const rung of ladder.keys()) await deps.schedules.remove(tx, ladderKey(id, rung));
}

export const sendKey = (id: string): string => `notices.send:${id}`;
export const ladderKey = (id: string, rung: number): string => `notices.ladder:${id}:${rung}`;
export const watchKey = (id: string, look: number): string => `notices.watch:${id}:${look}`;
/** What a reminder is stopped by. */
export const stopKeyOf = (id: string): string => `notice:${id}`;

/** Rejects with AppError `notice.not-found`. */
export async function noticeById(tx: Db, id: string): Promise<Notice> {
  const [found] = await tx.select().from(notices).where(eq(notices.id, id));
  if (found === undefined) throw new AppError('notice.not-found', `there is no notice ${id}`);
  return found;
}

export async function noticeByNo(tx: Db, no: number): Promise<Notice | undefined> {
  const [found] = await tx
    .select()
    .from(notices)
    .where(and(eq(notices.no, no), sql`${no} <= 2147483647`));
  return found;
}

/** One at a time: whoever presses at the same moment waits here, and then finds another state. */
export async function lockedNotice(tx: Db, id: string, states: readonly NoticeState[]): Promise<Notice> {
  const [found] = await tx.select().from(notices).where(eq(notices.id, id)).for('update');
  if (found === undefined) throw new AppError('notice.not-found', `there is no notice ${id}`);
  if (states.includes(found.state)) return found;
  throw new AppError('notice.state', `the notice is ${found.state}`, { details: { state: found.state } });
}

export async function changed(
  tx: Db,
  { id }: Pick<Notice, 'id'>,
  step: string,
  deed: Deed,
  set: Partial<typeof notices.$inferInsert>,
  detail: Record<string, unknown> = {},
): Promise<Notice> {
  const [after] = await tx
    .update(notices)
    .set({ ...set, changedAt: deed.at })
    .where(eq(notices.id, id))
    .returning();
  await noteStep(tx, { id }, step, deed, detail);
  return after as Notice;
}

export async function noteStep(
  tx: Db,
  { id }: Pick<Notice, 'id'>,
  step: string,
  { by, at }: Deed,
  detail: Record<string, unknown> = {},
): Promise<void> {
  const { kind, id: actorId, name } = by;
  await tx
    .insert(noticeSteps)
    .values({ id: newId(), noticeId: id, step, by: { kind, id: actorId, name }, at, detail });
}

/** A liaison writes so many notices a day, where they are; what came to nothing does not count, nor does setting one right. */
async function refuseBeyondQuota(tx: Db, deps: NoticeDeps, notice: Notice, { by, at }: Deed): Promise<void> {
  if (notice.byLiaison === null || notice.byLiaison !== by.id || notice.corrects !== null) return;
  const most = deps.settings.perLiaisonPerDay;
  const [one] = await tx.select({ zone: employees.zone }).from(employees).where(eq(employees.id, by.id));
  const since = at
    .toZonedDateTimeISO(one?.zone ?? deps.zone)
    .startOfDay()
    .toInstant();
  const { rows } = await tx.execute<{ n: number }>(sql`
    select count(distinct s.notice_id)::int as n from notice_steps s join notices n on n.id = s.notice_id
    where s.step in ('submitted', 'sent', 'scheduled') and s.by->>'id' = ${by.id} and n.corrects is null
      and n.state not in ('draft', 'cancelled') and s.notice_id <> ${notice.id} and s.at >= ${since.toString()} and s.at <= ${at.toString()}`);
  if ((rows[0]?.n ?? 0) >= most)
    throw new AppError('notice.quota', `${most} notices a day are enough`, { details: { most } });
}

/** For comparing moments that may be absent. */
export const isLater = (a: Temporal.Instant | null, b: Temporal.Instant): boolean =>
  a !== null && Temporal.Instant.compare(a, b) > 0;
