import { and, eq, sql } from 'drizzle-orm';
import type { Channel } from '../../chat/event.ts';
import { type Locale, localeOf } from '../../chat/locale.ts';
import { type Card, type Message, text as words } from '../../chat/message.ts';
import type { Db } from '../../kernel/db.ts';
import { AppError } from '../../kernel/errors.ts';
import { rolesGiving } from '../../kernel/permissions.ts';
import { localDay, type Temporal } from '../../kernel/time.ts';
import { promise } from '../../outbox/outbox.ts';
import { recordAudit } from '../audit/index.ts';
import { employeeRoles, employees } from '../directory/directory.tables.ts';
import { reachable } from '../directory/index.ts';
import { inWords } from './reports.answer.ts';
import { lockExport } from './reports.lock.ts';
import type { Period, Shape } from './reports.rules.ts';
import { type Export, exports } from './reports.tables.ts';
import { text } from './reports.text.ts';
import { actorInWords } from './reports.watermark.ts';

/** When another person has to agree, and where those who may are reached. */
export interface ApprovalSettings {
  /** More rows than this need a second person. */
  above: number;
  /** The channels that are switched on. */
  channels: () => readonly Channel[];
}

/** Whether a file of this shape would hold more than so many rows: check-ins, or people where it lists only these. */
export async function holdsMoreThan(
  tx: Db,
  rows: number,
  { from, to }: Period,
  shape: Shape,
): Promise<boolean> {
  const people = sql`select 1 from employees offset ${rows} limit 1`;
  const checkins = sql`
    select 1 from campaigns k join checkins c on c.campaign_id = k.id
    where k.starts_on <= ${to.toString()} and k.ends_on >= ${from.toString()}
      and c.day between ${from.toString()} and ${to.toString()}
    offset ${rows} limit 1`;
  const holdsOnlyPeople = shape.format === 'csv' && shape.part === 'summary';
  if (!holdsOnlyPeople && (await tx.execute(checkins)).rows.length > 0) return true;
  const holdsPeople = shape.format === 'xlsx' || holdsOnlyPeople;
  return holdsPeople && (await tx.execute(people)).rows.length > 0;
}

/** Whose wish an export is. */
export const personAsking = ({ person, requestedByKind, requestedBy }: Export): string | null =>
  person ?? (requestedByKind === 'employee' ? requestedBy : null);

/** A card to everybody who may agree, except to whoever asked. Answers how many they are. */
export async function askApprovers(
  tx: Db,
  settings: Pick<ApprovalSettings, 'channels'>,
  wanted: Export,
  zone: string,
  at: Temporal.Instant,
): Promise<number> {
  const day = localDay(at, zone).toString();
  const holders = await tx
    .selectDistinct({ id: employees.id, locale: employees.locale })
    .from(employeeRoles)
    .innerJoin(employees, eq(employees.id, employeeRoles.employeeId))
    .where(
      and(
        sql`${employeeRoles.role} in ${rolesGiving('exports.approve')}`,
        sql`${employeeRoles.fromDay} <= ${day} and coalesce(${employeeRoles.toDay}, 'infinity') >= ${day}`,
        sql`coalesce(${employees.leftOn}, 'infinity') >= ${day}`,
      ),
    );
  const asking = personAsking(wanted);
  const others = holders.filter(({ id }) => id !== asking);
  const by = await actorInWords(tx, { kind: wanted.requestedByKind, id: wanted.requestedBy });
  for (const locale of ['zh-CN', 'en'] as const) {
    const ids = others.filter((one) => localeOf(one.locale) === locale).map(({ id }) => id);
    const content = { kind: 'card', card: approvalCard(wanted, by, locale) } as const;
    await tell(tx, settings, ids, content, at);
  }
  return others.length;
}

async function tell(
  tx: Db,
  { channels }: Pick<ApprovalSettings, 'channels'>,
  employeeIds: readonly string[],
  content: Message,
  at: Temporal.Instant,
): Promise<void> {
  const addresses = await reachable(tx, employeeIds, channels());
  const recipients = [...addresses].map(([employeeId, address]) => ({ employeeId, address }));
  if (recipients.length === 0) return;
  await promise(tx, { purpose: 'reports.approval', priority: 'answer', content, recipients, at });
}

/** What people type to mean this export; short, and there is no `0` and `O` to mix up in hexadecimal. */
export const codeOf = (id: string): string => id.slice(-6).toUpperCase();

/** The waiting export that a typed code means; undefined when there is none, or by chance two. */
export async function waitingByCode(tx: Db, code: string): Promise<Export | undefined> {
  const found = await tx
    .select()
    .from(exports)
    .where(and(eq(exports.state, 'waiting'), sql`right(${exports.id}::text, 6) = lower(${code})`))
    .limit(2);
  return found.length === 1 ? found[0] : undefined;
}

function approvalCard(wanted: Export, by: string, locale: Locale): Card {
  const t = text[locale].approval;
  const code = codeOf(wanted.id);
  const data = { id: wanted.id };
  return {
    title: t.title(code),
    tone: 'notice',
    body: t.body,
    facts: [
      { label: t.by, value: by.slice(0, 200) },
      { label: t.what, value: wanted.fileName },
      { label: t.period, value: inWords({ from: wanted.fromDay, to: wanted.toDay }, locale) },
      { label: t.purpose, value: wanted.purpose.slice(0, 200) },
    ],
    inputs: [{ name: 'reason', label: t.reason, kind: 'text', maxLength: 200 }],
    buttons: [
      {
        label: t.approve,
        tone: 'primary',
        action: { name: 'reports.approve', data },
        word: t.approveWord(code),
      },
      { label: t.refuse, tone: 'danger', action: { name: 'reports.refuse', data }, word: t.refuseWord(code) },
    ],
    footer: t.words(code),
  };
}

export interface Decision {
  by: { employeeId: string; name: string };
  at: Temporal.Instant;
  /** Why not; undefined is consent. */
  refusal?: string | undefined;
}

/**
 * The second person's word, written down with the audit line; whoever waits in a chat hears of it. What was approved is
 * `requested` and still has to be begun. Rejects with AppError `export.not-found`, `export.decided` and `export.own`.
 */
export async function decideExport(
  tx: Db,
  settings: Pick<ApprovalSettings, 'channels'>,
  id: string,
  { by, at, refusal }: Decision,
): Promise<Export> {
  await lockExport(tx, id);
  const [wanted] = await tx.select().from(exports).where(eq(exports.id, id)).for('update');
  if (wanted === undefined) throw new AppError('export.not-found', `there is no export ${id}`);
  if (wanted.state !== 'waiting') throw new AppError('export.decided', `export ${id} is ${wanted.state}`);
  if (personAsking(wanted) === by.employeeId)
    throw new AppError('export.own', 'somebody else has to approve it');
  const [decided] = await tx
    .update(exports)
    .set({
      state: refusal === undefined ? 'requested' : 'refused',
      decidedBy: by.employeeId,
      decidedAt: at,
      refusal: refusal ?? null,
      finishedAt: refusal === undefined ? null : at,
    })
    .where(eq(exports.id, id))
    .returning();
  if (wanted.requestedByKind === 'employee') await tellRequester(tx, settings, wanted, { by, at, refusal });
  await recordAudit(tx, {
    at,
    actor: { kind: 'employee', id: by.employeeId },
    action: refusal === undefined ? 'export.approve' : 'export.refuse',
    subject: `export:${id}`,
    detail: { file: wanted.fileName, purpose: wanted.purpose, ...(refusal === undefined ? {} : { refusal }) },
  });
  return decided as Export;
}

async function tellRequester(
  tx: Db,
  settings: Pick<ApprovalSettings, 'channels'>,
  { requestedBy, fileName }: Export,
  { by, at, refusal }: Decision,
): Promise<void> {
  const [person] = await tx
    .select({ locale: employees.locale })
    .from(employees)
    .where(eq(employees.id, requestedBy));
  const t = text[localeOf(person?.locale ?? 'zh-CN')].approval;
  const sentence =
    refusal === undefined ? t.toldApproved(fileName, by.name) : t.toldRefused(fileName, by.name, refusal);
  await tell(tx, settings, [requestedBy], words(sentence), at);
}
