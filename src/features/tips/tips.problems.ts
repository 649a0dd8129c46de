/** What is answered instead of a tip. */
export const tipProblems = {
  'tip.not-found': { status: 404, title: { 'zh-CN': '没有这条技巧', en: 'There is no such tip' } },
} as const;
