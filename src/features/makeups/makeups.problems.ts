export const makeupProblems = {
  'makeup.not-found': { status: 404, title: { 'zh-CN': '没有这条补卡', en: 'There is no such make-up' } },
  'makeup.decided': {
    status: 409,
    title: { 'zh-CN': '这条补卡已经处理过了', en: 'The make-up has been decided already' },
  },
  'makeup.own': {
    status: 403,
    title: { 'zh-CN': '自己的补卡要由别人处理', en: 'Somebody else has to decide your make-up' },
  },
} as const;
