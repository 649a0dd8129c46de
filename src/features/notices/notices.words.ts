import { normalise } from '../../chat/words.ts';
import { Temporal } from '../../kernel/time.ts';

/** What somebody may type at any point of a draft. */
export type ComposeWord =
  | 'send'
  | 'back'
  | 'cancel'
  | 'edit-text'
  | 'edit-scope'
  | 'edit-when'
  | 'acknowledge'
  | 'groups'
  | 'restart';

const words: Record<ComposeWord, readonly string[]> = {
  send: ['发送', '确认', '确认发送', '发', '提交', 'send', 'ok', 'yes'],
  back: ['返回', '上一步', '后退', 'back'],
  cancel: ['取消', '不发了', '算了', '退出', 'cancel', 'quit'],
  'edit-text': ['改内容', '修改内容', '修改', '改文字', 'edit', 'edit text'],
  'edit-scope': ['改范围', '修改范围', 'edit scope', 'scope'],
  'edit-when': ['改时间', '修改时间', 'edit time', 'time'],
  acknowledge: ['要回执', '不要回执', 'receipt', 'no receipt'],
  groups: ['发到群', '不发到群', 'groups', 'no groups'],
  restart: ['重写', '重新开始', 'restart'],
};
const byWord = new Map(
  Object.entries(words).flatMap(([meaning, forms]) =>
    forms.map((form) => [form.replaceAll(' ', ''), meaning as ComposeWord] as const),
  ),
);

export function composeWord(said: string): ComposeWord | undefined {
  const form = normalise(said).replace(/[\s。！!.]/g, '');
  return byWord.get(form);
}

const ALL = ['全部', '所有', '都发', 'all'];

/** `1`, `1 3`, `1、3`, `全部` as places from 0; undefined for anything else, or a number that is not there. */
export function placesIn(said: string, n: number): number[] | undefined {
  const form = normalise(said);
  if (ALL.includes(form)) return Array.from({ length: n }, (_, place) => place);
  if (!/^\d{1,2}([\s,、和]+\d{1,2})*$/.test(form)) return undefined;
  const places = [...new Set(form.split(/[\s,、和]+/).map((part) => Number(part) - 1))];
  return places.every((place) => place >= 0 && place < n) ? places : undefined;
}

const NOW = ['现在', '马上', '立即', '立刻', 'now'];
const WEEKDAYS = '一二三四五六日';

/**
 * When somebody wants it to go out, in their zone: `现在` is null, `15:00` today, `明天 9:00`, `周三 10点`,
 * `11-25 14:30`. Undefined for what is no time.
 */
export function momentIn(
  said: string,
  now: Temporal.Instant,
  zone: string,
): Temporal.Instant | null | undefined {
  const form = normalise(said).replaceAll(' ', '');
  if (NOW.includes(form)) return null;
  const found =
    /^(今天|今日|today|明天|明日|tomorrow|后天|(?:下?(?:周|星期))[一二三四五六日天]|(?:\d{4}[-/年])?\d{1,2}[-/月]\d{1,2}[日号]?)?(上午|早上|下午|晚上)?(\d{1,2})(?:[:.点](半|\d{1,2})?分?)?$/.exec(
      form,
    );
  if (found === null || (found[1] === undefined && !/[:点]/.test(form))) return undefined;
  const [, dayWord, half, hourWord, minuteWord] = found;
  const hour = hourIn(Number(hourWord), half);
  const minute = minuteWord === '半' ? 30 : Number(minuteWord ?? 0);
  const day = dayIn(dayWord, now.toZonedDateTimeISO(zone).toPlainDate());
  if (day === undefined || hour > 23 || minute > 59) return undefined;
  return day.toZonedDateTime({ timeZone: zone, plainTime: new Temporal.PlainTime(hour, minute) }).toInstant();
}

const hourIn = (hour: number, half: string | undefined): number =>
  (half === '下午' || half === '晚上') && hour < 12 ? hour + 12 : hour;

function dayIn(word: string | undefined, today: Temporal.PlainDate): Temporal.PlainDate | undefined {
  if (word === undefined || ['今天', '今日', 'today'].includes(word)) return today;
  if (['明天', '明日', 'tomorrow'].includes(word)) return today.add({ days: 1 });
  if (word === '后天') return today.add({ days: 2 });
  const weekday = /^(下)?(?:周|星期)(.)$/.exec(word);
  if (weekday !== null) {
    const wanted = WEEKDAYS.indexOf((weekday[2] ?? '').replace('天', '日')) + 1;
    const monday = today.subtract({ days: today.dayOfWeek - 1 });
    const thisWeek = monday.add({ days: wanted - 1 });
    if (weekday[1] !== undefined) return thisWeek.add({ days: 7 });
    return Temporal.PlainDate.compare(thisWeek, today) < 0 ? thisWeek.add({ days: 7 }) : thisWeek;
  }
  const [, year, month, day] = /^(?:(\d{4})[-/年])?(\d{1,2})[-/月](\d{1,2})/.exec(word) ?? [];
  try {
    const given = { month: Number(month), day: Number(day) };
    const date = Temporal.PlainDate.from(
      { year: Number(year ?? today.year), ...given },
      { overflow: 'reject' },
    );
    const isPast = year === undefined && Temporal.PlainDate.compare(date, today) < 0;
    return isPast ? date.add({ years: 1 }) : date;
  } catch {
    return undefined;
  }
}

/** `12` or `12 时间写错了` as the notice's number and the rest; undefined without a number. */
export function numberIn(argument: string): { no: number; rest: string } | undefined {
  const found = /^(?:第|no\.?|#)?\s*(\d{1,9})\s*号?[\s,、:]*(.*)$/is.exec(argument.trim());
  return found === null ? undefined : { no: Number(found[1]), rest: (found[2] ?? '').trim() };
}
