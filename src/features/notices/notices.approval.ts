import type { Db } from '../../kernel/db.ts';
import { localDay } from '../../kernel/time.ts';
import type { NoticeDeps } from './notices.deps.ts';
import { peopleFor } from './notices.people.ts';
import { dispatchNotice } from './notices.send.ts';
import { approveNotice, type Deed, lockedNotice, reviewNotice } from './notices.service.ts';
import type { Notice } from './notices.tables.ts';
import { askApprovers, momentInWords, tellWords } from './notices.tell.ts';

/**
 * The next pair of eyes: the review of a document, then the approval. What was written in chat goes out with it, at
 * once or at its time. Whoever asked for it is told.
 */
export async function afterApproval(tx: Db, deps: NoticeDeps, id: string, deed: Deed): Promise<Notice> {
  const before = await lockedNotice(tx, id, ['in-review']);
  if (before.kind === 'document' && before.reviewedBy === null) {
    const reviewed = await reviewNotice(tx, id, deed);
    const people = await peopleFor(tx, reviewed, localDay(deed.at, deps.zone));
    await askApprovers(tx, deps, reviewed, people.length, deed.at);
    return reviewed;
  }
  const approved = await approveNotice(tx, deps, id, deed);
  if (!approved.sendsWhenApproved) return approved;
  const { notice } = await dispatchNotice(tx, deps, id, deed);
  const { name } = deed.by;
  await tellWords(tx, deps, notice, deed.at, (t, locale) =>
    notice.state === 'scheduled' && notice.sendAt !== null
      ? t.approval.toldScheduled(notice.no, name, momentInWords(notice.sendAt, deps.zone, locale))
      : t.approval.toldApproved(notice.no, name),
  );
  return notice;
}
