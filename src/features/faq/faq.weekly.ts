import { z } from 'zod';
import { type Command, oneByOne } from '../../chat/command.ts';
import { localeOf } from '../../chat/locale.ts';
import { card } from '../../chat/message.ts';
import { defineScheduledJob } from '../../kernel/jobs.ts';
import { localDay } from '../../kernel/time.ts';
import { promise } from '../../outbox/outbox.ts';
import { listEmployees, reachable } from '../directory/index.ts';
import { type MissCluster, missClusters, resolveMisses } from './faq.learning.ts';
import { text } from './faq.text.ts';

const TOP = 20;
const DAYS = 7;
const BUTTONS = 6;

/** Once a week the twenty things most asked without an answer go to those who edit. */
export const weeklyMisses = defineScheduledJob({
  name: 'faq.weekly',
  payload: z.object({ zone: z.string() }),
  async run(tx, { zone }, { now }) {
    const clusters = await missClusters(tx, { since: now.subtract({ hours: DAYS * 24 }), limit: TOP });
    if (clusters.length === 0) return { kind: 'skipped', reason: 'nothing' };
    const day = localDay(now, zone);
    const editors = [];
    let cursor: string | undefined;
    do {
      const found = await listEmployees(tx, { day, limit: 500, ...(cursor === undefined ? {} : { cursor }) });
      editors.push(
        ...found.items.filter(({ roles, leftOn }) => leftOn === null && roles.includes('operator')),
      );
      cursor = found.next ?? undefined;
    } while (cursor !== undefined);
    if (editors.length === 0) return { kind: 'skipped', reason: 'nobody' };
    const addresses = await reachable(
      tx,
      editors.map(({ id }) => id),
    );
    for (const { id, locale } of editors) {
      await promise(tx, {
        purpose: 'faq.weekly',
        priority: 'campaign',
        content: card(weeklyCard(clusters, localeOf(locale))),
        recipients: [{ employeeId: id, address: addresses.get(id) }],
        at: now,
      });
    }
    return { kind: 'fired' };
  },
});

function weeklyCard(clusters: readonly MissCluster[], locale: 'zh-CN' | 'en') {
  const t = text[locale];
  const said = (question: string) =>
    Array.from(question.replace(/[*_`[\]()<>#|\\~!\s]+/g, ' ').trim())
      .slice(0, 60)
      .join('');
  const lines = clusters.map(({ question, count, departments }, place) =>
    t.weeklyLine(place + 1, said(question), count, departments),
  );
  return {
    title: t.weeklyTitle,
    body: [t.weekly, '', ...lines].join('\n'),
    buttons: clusters.slice(0, BUTTONS).map(({ ids }, place) => ({
      label: t.makeDraft(place + 1),
      action: { name: 'faq.draft', data: { m: ids[0] ?? '' } },
    })),
  };
}

/** One tap makes a draft of a cluster: of the miss named and all open ones that ask the same. */
export function draftCommand(): Command {
  return {
    name: 'faq.draft',
    words: [],
    permission: 'faq.write',
    help: undefined,
    answer: oneByOne(async (tx, { action, actor, at }) => {
      const t = text[actor.locale];
      const data = z.object({ m: z.uuid() }).safeParse(action?.data);
      if (!data.success) return { toast: t.dealtWith };
      const clusters = await missClusters(tx, { since: at.subtract({ hours: 30 * 24 }), limit: 2_000 });
      const cluster = clusters.find(({ ids }) => ids.includes(data.data.m));
      if (cluster === undefined) return { toast: t.dealtWith };
      const key = await resolveMisses(tx, cluster.ids, { as: 'draft' }, at);
      return { toast: t.drafted(key ?? '') };
    }),
  };
}
