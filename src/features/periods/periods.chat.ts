import { type Command, oneByOne, type Reply, type Turn } from '../../chat/command.ts';
import { dayInWords } from '../../chat/dates.ts';
import { type Card, card, text as words } from '../../chat/message.ts';
import type { Db } from '../../kernel/db.ts';
import { localDay, monthDays, Temporal } from '../../kernel/time.ts';
import { bandOf, type DayStanding } from '../performance/index.ts';
import { askedFor, exportTexts, monthOf, type RequestDeps, requestExport } from '../reports/index.ts';
import { SHOW_DAY } from './appeals.chat.ts';
import { standingOfMonth } from './periods.exported.ts';
import { type OwnRecord, ownRecord } from './periods.person.ts';
import { periodsOfMonth } from './periods.service.ts';
import { text } from './periods.text.ts';
import { standingInWords } from './periods.trail.ts';
import { looksLikeExport, looksLikeMonth } from './periods.words.ts';

/** 导出绩效. `begin` is called with the export's id while the transaction is still open; it must not wait. */
export function exportCommand(deps: { begin: (exportId: string) => void; exports: RequestDeps }): Command {
  return {
    name: 'periods.export',
    words: ['导出绩效', '导出绩效结果', '绩效导出', 'export performance'],
    takesArgument: looksLikeExport,
    permission: 'exports.make',
    help: { 'zh-CN': text['zh-CN'].helpExport, en: text.en.helpExport },
    answer: oneByOne(async (tx, { actor, argument, at, event }): Promise<Reply> => {
      const t = text[actor.locale];
      const { month, purpose } = askedFor(argument, localDay(at, actor.zone));
      if (month === undefined) return { messages: [words(t.wrongMonth)], inPrivate: true };
      const periods = await periodsOfMonth(tx, month, at);
      if (periods.length === 0)
        return { messages: [words(t.exportedNobody(t.month(month)))], inPrivate: true };
      const { supplements } = await standingOfMonth(tx, periods);
      let waiting: number | undefined;
      // The closing, then what was corrected since, each in a file of its own.
      for (let no = 0; no <= supplements; no += 1) {
        const supplement = no === 0 ? {} : { supplement: no };
        const { id, approvers } = await requestExport(tx, deps.exports, {
          kind: 'performance',
          period: monthDays(month),
          shape: { format: 'xlsx', ...supplement },
          purpose: purpose ?? exportTexts[actor.locale].purpose,
          by: { kind: 'employee', id: actor.employeeId },
          at,
          answerTo: {
            employeeId: actor.employeeId,
            channel: event.channel,
            account: event.account,
            platformId: event.actor,
            locale: actor.locale,
            zone: actor.zone,
          },
        });
        if (approvers === undefined) deps.begin(id);
        else waiting = Math.max(waiting ?? 0, approvers);
      }
      if (waiting === undefined) return { inPrivate: true };
      const a = exportTexts[actor.locale].approval;
      const sentence = waiting === 0 ? a.nobody(t.month(month)) : a.waiting(t.month(month), waiting);
      return { messages: [words(sentence)], inPrivate: true };
    }),
  };
}

/** `我的 2026-11`: what the month's record says, for the person's own eyes. */
export async function showMonth(tx: Db, turn: Turn): Promise<Reply> {
  const { actor, at, argument } = turn;
  const t = text[actor.locale];
  const privately = (said: string): Reply => ({ messages: [words(said)], inPrivate: true });
  const today = localDay(at, actor.zone);
  const month = monthOf(argument, today);
  if (month === undefined) return privately(t.wrongRecordMonth);
  const first = month.toPlainDate({ day: 1 });
  if (Temporal.PlainDate.compare(first, today) > 0) return privately(t.recordBegins(t.month(month)));
  const anchor = month.equals(today.toPlainYearMonth()) ? today : first;
  const record = (await ownRecord(tx, actor.employeeId, anchor, at)) ?? (await anywhereIn(tx, turn, month));
  if (record === undefined) return privately(t.recordNone(t.month(month)));
  return { messages: [card(recordCard(record, turn, t.month(month)))], inPrivate: true };
}

export const takesMonth = looksLikeMonth;

/** A campaign that begins within the month does not hold its first day. */
async function anywhereIn(
  tx: Db,
  { actor, at }: Turn,
  month: Temporal.PlainYearMonth,
): Promise<OwnRecord | undefined> {
  return ownRecord(tx, actor.employeeId, month.toPlainDate({ day: month.daysInMonth }), at);
}

const MOST_LINES = 12;
const MOST_BUTTONS = 3;

function recordCard(record: OwnRecord, { actor }: Turn, month: string): Card {
  const t = text[actor.locale];
  const { soFar, whole, rule, period, closed: kept } = record;
  const have = rule.rule.target.kind === 'consecutive' ? soFar.best : soFar.counted;
  const still = Math.max(0, whole.needed - have);
  const left = whole.due - soFar.due;
  const freezes = rule.rule.freezes + rule.rule.firstDays.freezes;
  const repaired = soFar.madeUp + soFar.earnedBack + soFar.appealed;
  const closed = period?.state === 'closed';
  const bad = soFar.days.filter(({ kind }) => kind === 'missed' || kind === 'revoked');
  const others = soFar.days.filter(
    (day) =>
      day.kind === 'excused' || day.kind === 'frozen' || (day.kind === 'counted' && day.by !== 'evidence'),
  );
  const line = (one: DayStanding): string =>
    t.dayLine(inWords(one.day, actor.locale), standingInWords(one, record.person, t));
  const listed = (days: readonly DayStanding[]): string[] => [
    ...days.slice(-MOST_LINES).map(line),
    ...(days.length > MOST_LINES ? [t.moreDays(days.length - MOST_LINES)] : []),
  ];
  const mayAppeal = record.today <= record.appealsUntil.toString();
  return {
    title: t.recordTitle(month),
    tone: still === 0 ? 'good' : 'plain',
    body: [
      `**${record.campaign.name}**`,
      '',
      ...(kept === undefined || kept.counted === soFar.counted ? [] : [t.changedSince, '']),
      ...(bad.length === 0 ? [t.allCounted] : [t.notCounted, ...listed(bad)]),
      ...(others.length === 0 ? [] : ['', t.others, ...listed(others)]),
    ]
      .join('\n')
      .slice(0, 3_900),
    facts: [
      { label: t.counted, value: t.days(soFar.counted) },
      { label: t.needed, value: t.days(whole.needed) },
      { label: t.still, value: t.stillDays(still, left) },
      { label: t.run, value: t.runDays(soFar.current, soFar.best) },
      ...(soFar.excused === 0 ? [] : [{ label: t.excusedLabel, value: t.days(soFar.excused) }]),
      ...(freezes === 0 ? [] : [{ label: t.frozenLabel, value: t.frozenDays(soFar.frozen, freezes) }]),
      ...(repaired === 0 ? [] : [{ label: t.repaired, value: t.days(repaired) }]),
      kept === undefined
        ? { label: t.band, value: bandOf(rule.rule, soFar.reached).name }
        : { label: t.bandFinal, value: kept.band },
    ],
    ...(whole.needed === 0
      ? {}
      : {
          progress: {
            value: Math.min(1, have / whole.needed),
            label: `${have} / ${whole.needed}`,
          },
        }),
    buttons: mayAppeal
      ? bad.slice(-MOST_BUTTONS).map(({ day }) => ({
          label: t.appealDay(day.slice(5)),
          action: { name: SHOW_DAY, data: { d: day } },
          word: t.appealDay(day.slice(5)),
        }))
      : [],
    footer: t.recordFooter(rule.version, inWords(record.appealsUntil.toString(), actor.locale), closed),
  };
}

const inWords = (iso: string, locale: Turn['actor']['locale']): string =>
  dayInWords(Temporal.PlainDate.from(iso), locale);
