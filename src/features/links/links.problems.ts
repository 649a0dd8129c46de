/** What is answered instead of a link. */
export const linkProblems = {
  'link.not-found': { status: 404, title: { 'zh-CN': '没有这个短链接', en: 'There is no such link' } },
} as const;
