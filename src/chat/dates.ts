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
