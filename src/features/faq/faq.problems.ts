/** What is answered instead of an entry. */
export const faqProblems = {
  'faq.not-found': { status: 404, title: { 'zh-CN': '没有这条知识条目', en: 'There is no such FAQ entry' } },
  'faq.no-misses': {
    status: 409,
    title: { 'zh-CN': '这些未命中已经处理过', en: 'These misses have been dealt with' },
  },
} as const;
