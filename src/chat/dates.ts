import type { Temporal } from '../kernel/time.ts';
import type { Locale } from './locale.ts';

const weekdays: Record<Locale, readonly string[]> = {
  'zh-CN': ['周一', '周二', '周三', '周四', '周五', '周六', '周日'],
  en: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'],
};
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `11 月 23 日（周一）`, `Mon 23 Nov`. */
export function dayInWords(day: Temporal.PlainDate, locale: Locale): string {
  const weekday = weekdays[locale][day.dayOfWeek - 1];
  return locale === 'en'
    ? `${weekday} ${day.day} ${months[day.month - 1]}`
    : `${day.month} 月 ${day.day} 日（${weekday}）`;
}

/** What the workday calendar calls days, in English; company files may bring other names, which stay as they are. */
const englishNames: Record<string, string> = {
  周末: 'weekend',
  公司休息日: 'company holiday',
  调休上班: 'worked in lieu',
  活动暂停: 'campaign paused',
  元旦: 'New Year’s Day',
  春节: 'Spring Festival',
  清明: 'Tomb-Sweeping Day',
  劳动节: 'Labour Day',
  端午: 'Dragon Boat Festival',
  中秋: 'Mid-Autumn Festival',
  国庆节: 'National Day',
};

export function dayNameInEnglish(name: string): string {
  return englishNames[name] ?? name;
}
