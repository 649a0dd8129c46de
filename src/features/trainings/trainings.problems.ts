/** What is answered instead of a training. */
export const trainingProblems = {
  'training.not-found': { status: 404, title: { 'zh-CN': '没有这场培训', en: 'There is no such training' } },
  'training.no-material': {
    status: 404,
    title: { 'zh-CN': '物料清单里没有这一项', en: 'The checklist has no such item' },
  },
  'training.cancelled': { status: 409, title: { 'zh-CN': '培训已经取消', en: 'The training is cancelled' } },
  'training.begun': {
    status: 409,
    title: { 'zh-CN': '培训已经开始，时间地点不再改动', en: 'It has begun; time and place do not change' },
  },
  'training.ended': {
    status: 409,
    title: { 'zh-CN': '培训已经结束，不能再取消', en: 'It has taken place and cannot be cancelled' },
  },
  'training.over': { status: 409, title: { 'zh-CN': '开始时间已过', en: 'Its start has passed' } },
  'training.not-open': { status: 409, title: { 'zh-CN': '还没有开放报名', en: 'It takes no sign-ups yet' } },
  'training.gaps': {
    status: 409,
    title: {
      'zh-CN': '物料清单还有缺口，请勾选或写明原因',
      en: 'The checklist has gaps; tick them off or give a reason for each',
    },
  },
  'training.not-attended': {
    status: 409,
    title: { 'zh-CN': '没有可以更正的签到', en: 'There is no attendance to correct' },
  },
} as const;
