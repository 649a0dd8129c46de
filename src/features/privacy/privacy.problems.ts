export const privacyProblems = {
  'data-request.not-found': {
    status: 404,
    title: { 'zh-CN': '没有这条数据请求', en: 'There is no such request' },
  },
  'data-request.answered': {
    status: 409,
    title: { 'zh-CN': '这条数据请求已经答复过了', en: 'The request has been answered already' },
  },
} as const;
