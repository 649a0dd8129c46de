/** What is answered instead of an entry. */
export const faqProblems = {
  'faq.not-found': { status: 404, title: { 'zh-CN': '没有这条知识条目', en: 'There is no such FAQ entry' } },
  'faq.no-file': { status: 404, title: { 'zh-CN': '没有这个文件', en: 'There is no such file' } },
  'faq.not-a-file': {
    status: 400,
    title: { 'zh-CN': '这个文件不能用', en: 'This file cannot be used' },
  },
  'faq.no-misses': {
    status: 409,
    title: { 'zh-CN': '这些未命中已经处理过', en: 'These misses have been dealt with' },
  },
} as const;
