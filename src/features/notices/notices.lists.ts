import { and, asc, desc, eq, lt } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';
import type { Temporal } from '../../kernel/time.ts';
import type { NoticeDetail, NoticeStateName, NoticeView } from './notices.api.ts';
import type { NoticeDeps } from './notices.deps.ts';
import { recallRules } from './notices.rules.ts';
import { noticeById } from './notices.service.ts';
import { countsOf, progressOf } from './notices.standing.ts';
import type { Notice } from './notices.tables.ts';
import { type NoticeSignature, noticeSteps, notices } from './notices.tables.ts';

/** The youngest first. */
export async function noticesBefore(
  tx: Db,
  query: { state: NoticeStateName | undefined; before: number | undefined; limit: number },
  now: Temporal.Instant,
): Promise<NoticeView[]> {
  const { state, before, limit } = query;
  const rows = await tx
    .select()
    .from(notices)
    .where(
      and(
        state === undefined ? undefined : eq(notices.state, state),
        before === undefined ? undefined : lt(notices.no, before),
      ),
    )
    .orderBy(desc(notices.no))
    .limit(limit);
  return views(tx, rows, now);
}

async function views(tx: Db, rows: readonly Notice[], now?: Temporal.Instant): Promise<NoticeView[]> {
  const counts = await countsOf(
    tx,
    rows.map(({ id }) => id),
    now,
  );
  const iso = (at: { toString(): string } | null) => at?.toString() ?? null;
  const signed = (one: NoticeSignature | null) => one && { kind: one.kind, name: one.name, at: one.at };
  return rows.map((row) => {
    const { fields: _fields, byLiaison: _by, sendsWhenApproved: _auto, approvedFor: _for, ...rest } = row;
    return {
      ...rest,
      preparedBy: { kind: row.preparedBy.kind, name: row.preparedBy.name, at: row.preparedBy.at },
      reviewedBy: signed(row.reviewedBy),
      approvedBy: signed(row.approvedBy),
      sendAt: iso(row.sendAt),
      approvalUntil: iso(row.approvalUntil),
      createdAt: row.createdAt.toString(),
      sentAt: iso(row.sentAt),
      finishedAt: iso(row.finishedAt),
      closedAt: iso(row.closedAt),
      counts: counts.get(row.id) ?? progressOf([]),
    };
  });
}

export async function noticeView(tx: Db, notice: Notice): Promise<NoticeView> {
  const [view] = await views(tx, [notice]);
  return view as NoticeView;
}

export async function noticeDetail(
  tx: Db,
  { adapters }: Pick<NoticeDeps, 'adapters'>,
  id: string,
): Promise<NoticeDetail> {
  const view = await noticeView(tx, await noticeById(tx, id));
  const steps = await tx
    .select()
    .from(noticeSteps)
    .where(eq(noticeSteps.noticeId, id))
    .orderBy(asc(noticeSteps.id))
    .limit(500);
  const channels = [...new Set(adapters.map(({ channel }) => channel))];
  return {
    ...view,
    recall: channels.map((channel) => {
      const rule = recallRules[channel];
      return { channel, rule: rule.kind, hours: rule.kind === 'hours' ? rule.hours : null };
    }),
    steps: steps.map(({ step, by, at, detail }) => ({
      step,
      by: { kind: by.kind, name: by.name },
      at: at.toString(),
      detail,
    })),
  };
}
