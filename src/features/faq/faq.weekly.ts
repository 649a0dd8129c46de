import { z } from 'zod';
import { type Command, oneByOne } from '../../chat/command.ts';
import { type Locale, localeOf } from '../../chat/locale.ts';
import { type Card, card, text as words } from '../../chat/message.ts';
import { AppError } from '../../kernel/errors.ts';
import { defineScheduledJob } from '../../kernel/jobs.ts';
import { localDay, type Temporal } from '../../kernel/time.ts';
import { promise } from '../../outbox/outbox.ts';
import { recordAudit } from '../audit/index.ts';
import { listEmployees, reachable } from '../directory/index.ts';
import { cut } from './faq.cards.ts';
import { type MissCluster, missClusters, type Resolution, resolveMisses } from './faq.learning.ts';
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

/** Two ways for each of the first: a draft of its own, or one more wording of the entry that came nearest. */
function weeklyCard(clusters: readonly MissCluster[], locale: Locale): Card {
  const t = text[locale];
  const said = (question: string) =>
    Array.from(question.replace(/[*_`[\]()<>#|\\~!\s]+/g, ' ').trim())
      .slice(0, 60)
      .join('');
  const lines = clusters.map(({ question, count, departments }, place) =>
    t.weeklyLine(place + 1, said(question), count, departments),
  );
  const buttons = clusters.flatMap(({ ids: [m = ''], nearest }, place) => [
    { label: t.makeDraft(place + 1), action: { name: 'faq.draft', data: { m } } },
    ...(nearest === null
      ? []
      : [
          {
            label: cut(t.addTo(place + 1, nearest), 32),
            tone: 'quiet' as const,
            action: { name: 'faq.similar', data: { m, k: nearest } },
          },
        ]),
  ]);
  return {
    title: t.weeklyTitle,
    body: [t.weekly, '', ...lines].join('\n').slice(0, 4_000),
    buttons: buttons.slice(0, BUTTONS),
    footer: t.weeklyFooter,
  };
}

const lately = (at: Temporal.Instant, days: number) => at.subtract({ hours: days * 24 });

/** 未命中: what is left of the list, at any time. */
export function missesCommand(): Command {
  return {
    name: 'faq.misses',
    words: ['未命中', '未命中问题', 'misses'],
    permission: 'faq.misses',
    help: { 'zh-CN': text['zh-CN'].helpMisses, en: text.en.helpMisses },
    answer: oneByOne(async (tx, { actor, at }) => {
      const clusters = await missClusters(tx, { since: lately(at, DAYS), limit: TOP });
      const t = text[actor.locale];
      const said = clusters.length === 0 ? words(t.noMisses) : card(weeklyCard(clusters, actor.locale));
      return { messages: [said], inPrivate: true };
    }),
  };
}

/** One tap deals with a cluster: the miss named and all open ones that ask the same. What is left moves up. */
function dealWith(
  name: string,
  resolutionOf: (data: Record<string, unknown>) => Resolution | undefined,
  done: (t: (typeof text)['zh-CN'], key: string, wordings: number) => string,
): Command {
  return {
    name,
    words: [],
    permission: 'faq.write',
    help: undefined,
    answer: oneByOne(async (tx, { action, actor, at }) => {
      const t = text[actor.locale];
      const data = z.object({ m: z.uuid() }).safeParse(action?.data);
      const resolution = resolutionOf(action?.data ?? {});
      const clusters = await missClusters(tx, { since: lately(at, 30), limit: 2_000 });
      const cluster = data.success ? clusters.find(({ ids }) => ids.includes(data.data.m)) : undefined;
      if (cluster === undefined || resolution === undefined) return { toast: t.dealtWith };
      const key = await resolveMisses(tx, cluster.ids, resolution, at).catch(refusalIn);
      if (key instanceof AppError) return { toast: key.code === 'faq.no-misses' ? t.dealtWith : t.noRoom };
      const detail = { as: resolution.as, misses: cluster.ids.length };
      const by = { kind: 'employee' as const, id: actor.employeeId };
      await recordAudit(tx, { at, actor: by, action: 'faq.resolve', subject: key ?? '', detail });
      const left = await missClusters(tx, { since: lately(at, DAYS), limit: TOP });
      const toast = done(t, key ?? '', cluster.texts.length);
      return left.length === 0 ? { toast } : { toast, card: weeklyCard(left, actor.locale) };
    }),
  };
}

/** What stands in the way is answered: others' events are in this transaction too. Nothing was written by then. */
function refusalIn(error: unknown): AppError {
  if (error instanceof AppError) return error;
  throw error;
}

export const draftCommand = (): Command =>
  dealWith(
    'faq.draft',
    () => ({ as: 'draft' }),
    (t, key) => t.drafted(key),
  );

export const similarCommand = (): Command =>
  dealWith(
    'faq.similar',
    ({ k }) => (typeof k === 'string' ? { as: 'similar', entryKey: k } : undefined),
    (t, key, wordings) => t.added(key, wordings),
  );
