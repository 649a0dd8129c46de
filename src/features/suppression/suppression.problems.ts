/** What is answered instead of rules and exclusions. */
export const suppressionProblems = {
  'suppression.rule-unknown': {
    status: 404,
    title: { 'zh-CN': '没有这条免打扰规则', en: 'There is no such rule' },
  },
  'suppression.exclusion-unknown': {
    status: 404,
    title: { 'zh-CN': '没有这条免打扰名单', en: 'There is no such exclusion' },
  },
  'suppression.exclusion-order': {
    status: 409,
    title: { 'zh-CN': '结束日期早于开始日期', en: 'It would end before it begins' },
  },
} as const;
