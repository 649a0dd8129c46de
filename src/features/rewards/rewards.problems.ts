/** What is answered instead of points. */
export const rewardProblems = {
  'points.not-found': {
    status: 404,
    title: { 'zh-CN': '没有这笔积分', en: 'There is no such transfer of points' },
  },
} as const;
