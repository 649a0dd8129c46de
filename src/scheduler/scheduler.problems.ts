/** What is answered instead of a schedule. */
export const schedulerProblems = {
  'schedule.not-found': {
    status: 404,
    title: { 'zh-CN': '没有这个定时任务', en: 'There is no such schedule' },
  },
} as const;
