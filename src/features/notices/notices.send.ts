import { sql } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';
import { AppError } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import type { Temporal } from '../../kernel/time.ts';
import { type Promised, promiseAll } from '../../outbox/outbox.ts';
import { climb, sendScheduled, watch } from './notices.calls.ts';
import { type Checked, checkNotice, preflightOf, priorityOf, refuseProblems } from './notices.check.ts';
import type { NoticeDeps } from './notices.deps.ts';
import { addressed, groupsFor } from './notices.people.ts';
import { noticeMessage } from './notices.render.ts';
import {
  changed,
  type Deed,
  isLater,
  ladderKey,
  lockedNotice,
  sendKey,
  submitNotice,
  watchKey,
} from './notices.service.ts';
import type { Notice } from './notices.tables.ts';
import { noticeMessages } from './notices.tables.ts';

export interface Dispatched {
  notice: Notice;
  people: number;
}

/** What is started by itself does not make sense weeks later. */
const KEPT_HOURS = 14 * 24;

/** How long after the send it is looked at for the first time. */
const FIRST_LOOK_MINUTES = 2;

/**
 * Sends what is approved, or puts it on the schedule when its time is still to come. A draft that nobody else has to
 * approve is approved on the way. Whoever presses second finds it done: AppError `notice.state`.
 */
export async function dispatchNotice(
  tx: Db,
  deps: NoticeDeps,
  id: string,
  deed: Deed,
  sendAt?: Temporal.Instant | null,
): Promise<Dispatched> {
  let notice = await lockedNotice(tx, id, ['draft', 'approved']);
  if (notice.state === 'draft') {
    notice = (await submitNotice(tx, deps, id, deed)).notice;
    if (notice.state !== 'approved')
      throw new AppError('notice.not-approved', 'more people than one person may write to alone');
  }
  const when = sendAt === undefined ? notice.sendAt : sendAt;
  if (isLater(when, deed.at)) return scheduleNotice(tx, deps, notice, when as Temporal.Instant, deed);
  return sendNow(tx, deps, notice, deed);
}

async function scheduleNotice(
  tx: Db,
  deps: NoticeDeps,
  notice: Notice,
  at: Temporal.Instant,
  deed: Deed,
): Promise<Dispatched> {
  refuseExpired(notice, at);
  const checked = await ready(tx, deps, notice, at);
  await deps.schedules.put(tx, { key: sendKey(notice.id), call: sendScheduled(notice.id), at });
  const scheduled = await changed(
    tx,
    notice,
    'scheduled',
    deed,
    { state: 'scheduled', sendAt: at },
    { at: at.toString(), people: checked.people.length },
  );
  return { notice: scheduled, people: checked.people.length };
}

/** Everything is looked at once more: people come and go, files vanish, periods end. */
async function ready(tx: Db, deps: NoticeDeps, notice: Notice, at: Temporal.Instant): Promise<Checked> {
  const checked = await checkNotice(tx, deps, notice, at);
  refuseProblems(checked);
  if (checked.needsApproval && notice.approvedBy === null)
    throw new AppError('notice.not-approved', 'it needs an approval by now');
  const flown = await preflightOf(tx, deps, notice, checked, at);
  if (flown.refusals.length > 0)
    throw new AppError('notice.channel-full', 'the quota of a platform does not suffice');
  return checked;
}

function refuseExpired({ approvalUntil }: Notice, at: Temporal.Instant): void {
  if (approvalUntil !== null && isLater(at, approvalUntil))
    throw new AppError('notice.approval-expired', 'the approval has expired');
}

/** One transaction: recipients, promises, state. Afterwards the outbox alone decides who gets it when. */
export async function sendNow(tx: Db, deps: NoticeDeps, notice: Notice, deed: Deed): Promise<Dispatched> {
  const { at } = deed;
  refuseExpired(notice, at);
  const checked = await ready(tx, deps, notice, at);
  const addresses = new Map(
    (
      await addressed(
        tx,
        deps,
        checked.people.map(({ employeeId }) => employeeId),
      )
    ).map((recipient) => [recipient.employeeId, recipient]),
  );
  const passing = priorityOf(notice);
  const base = {
    ...passing,
    at,
    importance: 7,
    ...(notice.campaignId === null ? {} : { campaignId: notice.campaignId }),
    ...(passing.priority === 'official' ? {} : { expiresAt: at.add({ hours: KEPT_HOURS }) }),
  };
  const promised: (Promised & { id: string; part: 'text' | 'attachment' | 'group' })[] = [];
  const recipients: { e: string; m: string; d: string | null }[] = [];
  for (const same of checked.texts) {
    const id = newId();
    const to = same.people.flatMap(({ employeeId }) => addresses.get(employeeId) ?? []);
    const content = noticeMessage(notice, same, same.locale);
    promised.push({
      ...base,
      rings: notice.rings,
      id,
      part: 'text',
      purpose: 'notices.send',
      content,
      recipients: to,
    });
    for (const { employeeId, department } of same.people)
      recipients.push({ e: employeeId, m: id, d: department?.id ?? null });
  }
  const { groupText } = checked;
  const groups = groupText === undefined ? [] : await groupsFor(tx, notice);
  if (groupText !== undefined && groups.length > 0) {
    const content = noticeMessage(notice, groupText, 'zh-CN');
    promised.push({
      ...base,
      id: newId(),
      part: 'group',
      purpose: 'notices.group',
      content,
      recipients: groups,
    });
  }
  for (const file of checked.files) {
    const everybody = [...addresses.values(), ...groups];
    const { isPicture, ...rest } = file;
    // A picture is seen at once; DingTalk takes none as a file.
    const content = isPicture
      ? { kind: 'image' as const, path: file.path, alt: file.name }
      : { kind: 'file' as const, ...rest };
    promised.push({
      ...base,
      id: newId(),
      part: 'attachment',
      purpose: 'notices.attachment',
      content,
      recipients: everybody,
    });
  }
  await promiseAll(tx, promised);
  await writeRecipients(tx, notice.id, recipients);
  await tx
    .insert(noticeMessages)
    .values(promised.map(({ id, part }) => ({ messageId: id, noticeId: notice.id, part, at })));
  const sent = await changed(
    tx,
    notice,
    'sent',
    deed,
    { state: 'sent', sentAt: at },
    {
      people: checked.people.length,
      texts: checked.texts.length,
      groups: groups.length,
      ...(notice.rings ? { rings: true } : {}),
    },
  );
  await deps.schedules.put(tx, {
    key: watchKey(notice.id, 0),
    call: watch(notice.id, 0),
    at: at.add({ minutes: FIRST_LOOK_MINUTES }),
  });
  for (const [rung, { afterHours }] of notice.ladder.entries())
    await deps.schedules.put(tx, {
      key: ladderKey(notice.id, rung),
      call: climb(notice.id, rung),
      at: at.add({ hours: afterHours }),
    });
  return { notice: sent, people: checked.people.length };
}

const ROWS_A_STATEMENT = 10_000;

async function writeRecipients(
  tx: Db,
  noticeId: string,
  rows: readonly { e: string; m: string; d: string | null }[],
): Promise<void> {
  for (let start = 0; start < rows.length; start += ROWS_A_STATEMENT) {
    const chunk = JSON.stringify(rows.slice(start, start + ROWS_A_STATEMENT));
    await tx.execute(sql`
      insert into notice_recipients (notice_id, employee_id, message_id, department_id)
      select ${noticeId}::uuid, e, m, d from json_to_recordset(${chunk}::json) as r(e uuid, m uuid, d uuid)
      on conflict do nothing`);
  }
}
