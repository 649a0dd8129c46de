export const excusalProblems = {
  'excusal.not-found': { status: 404, title: { 'zh-CN': '没有这条免打卡', en: 'There is no such excusal' } },
  'excusal.revoked': {
    status: 409,
    title: { 'zh-CN': '这条免打卡已经撤销过了', en: 'The excusal was taken back before' },
  },
  'excusal.days': {
    status: 422,
    title: { 'zh-CN': '免打卡的日期不对', en: 'The days of the excusal are not right' },
  },
} as const;
