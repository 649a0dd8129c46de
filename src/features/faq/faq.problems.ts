/** What is answered instead of an entry. */
export const faqProblems = {
  'faq.not-found': { status: 404, title: { 'zh-CN': '没有这条知识条目', en: 'There is no such FAQ entry' } },
} as const;
