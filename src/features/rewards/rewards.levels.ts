import type { Locale } from '../../chat/locale.ts';

/** From how many points on, and what somebody is then called. */
const levels: readonly { from: number; name: Record<Locale, string> }[] = [
  { from: 0, name: { 'zh-CN': '新手', en: 'Newcomer' } },
  { from: 50, name: { 'zh-CN': '熟手', en: 'Regular' } },
  { from: 150, name: { 'zh-CN': '能手', en: 'Skilled' } },
  { from: 400, name: { 'zh-CN': '高手', en: 'Expert' } },
  { from: 1000, name: { 'zh-CN': '达人', en: 'Master' } },
];

/** The level of a balance, counted from 1, and how many points are missing to the next; null at the top. */
export function levelOf(
  points: number,
  locale: Locale,
): { level: number; name: string; toNext: number | null } {
  const index = Math.max(
    0,
    levels.findLastIndex(({ from }) => points >= from),
  );
  const next = levels[index + 1];
  return {
    level: index + 1,
    name: levels[index]?.name[locale] ?? '',
    toNext: next === undefined ? null : next.from - points,
  };
}
