import type { Locale } from '../../chat/locale.ts';
import type { ExcusalReason } from '../performance/performance.schema.ts';

/** What people read, and what stands in files. */
export const excusalNames: Record<Locale, Record<ExcusalReason, string>> = {
  'zh-CN': {
    leave: '请假',
    trip: '出差',
    shift: '轮班',
    'new-joiner': '新入职',
    outage: '系统故障',
    other: '其他',
  },
  en: {
    leave: 'leave',
    trip: 'business trip',
    shift: 'shift',
    'new-joiner': 'new joiner',
    outage: 'outage',
    other: 'other',
  },
};

/** What is on the record of an excusal that a person can look at: no more than the name says. */
export function excusalName(reason: string, locale: Locale): string {
  return excusalNames[locale][reason as ExcusalReason] ?? reason;
}
