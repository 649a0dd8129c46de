export const flagProblems = {
  'flag.not-found': { status: 404, title: { 'zh-CN': '没有这条线索', en: 'There is no such flag' } },
  'flag.decided': {
    status: 409,
    title: { 'zh-CN': '这条线索已经处理过了', en: 'The flag has been decided already' },
  },
} as const;
