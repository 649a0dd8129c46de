/** What is answered instead of a round. */
export const quizProblems = {
  'quiz.not-found': { status: 404, title: { 'zh-CN': '没有这场答题', en: 'There is no such quiz' } },
  'quiz.no-question': { status: 404, title: { 'zh-CN': '没有这道题', en: 'The quiz has no such question' } },
  'quiz.published': {
    status: 409,
    title: {
      'zh-CN': '已经发布，规则和题目不再改动',
      en: 'It is published; rules and questions do not change',
    },
  },
  'quiz.over': { status: 409, title: { 'zh-CN': '结束时间已过', en: 'Its end has passed' } },
  'quiz.short': {
    status: 409,
    title: { 'zh-CN': '题库里已审核的题不够', en: 'The bank has too few reviewed questions' },
  },
  'quiz.not-live': {
    status: 409,
    title: { 'zh-CN': '这不是进行中的现场赛', en: 'This is no live round that runs' },
  },
  'quiz.not-closed': { status: 409, title: { 'zh-CN': '还没有结束', en: 'It is not over yet' } },
  'quiz.no-certificate': {
    status: 404,
    title: { 'zh-CN': '没有发过这个编号的证书', en: 'We gave out no certificate of this number' },
  },
  'quiz.approved': {
    status: 409,
    title: { 'zh-CN': '获奖名单已确认，成绩不再改动', en: 'The winners are confirmed; scores do not change' },
  },
} as const;
