/** The codes of this slice, with their HTTP status. */
export const reportProblems = {
  'export.not-found': { status: 404, title: { 'zh-CN': '没有这个导出', en: 'There is no such export' } },
  'export.not-ready': { status: 409, title: { 'zh-CN': '导出还没有完成', en: 'The export is not finished' } },
  'export.gone': {
    status: 410,
    title: {
      'zh-CN': '文件已过期删除，请重新导出',
      en: 'The file is past its time and was deleted; please export again',
    },
  },
  'export.not-approved': {
    status: 409,
    title: { 'zh-CN': '导出还在等另一个人复核', en: 'The export still waits for a second person' },
  },
  'export.refused': {
    status: 409,
    title: { 'zh-CN': '导出没有通过复核', en: 'A second person refused the export' },
  },
  'export.decided': {
    status: 409,
    title: { 'zh-CN': '这个导出已经处理过了', en: 'This export does not wait for a decision' },
  },
  'export.own': {
    status: 403,
    title: { 'zh-CN': '自己的导出要由别人复核', en: 'Somebody else has to approve your export' },
  },
  'export.nobody': {
    status: 403,
    title: {
      'zh-CN': '复核要由本人登录，令牌不行',
      en: 'Only a person who signed in as themselves can approve, no token',
    },
  },
} as const;
