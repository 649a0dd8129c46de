/** The codes of this slice, with their HTTP status. */
export const periodProblems = {
  'period.not-found': { status: 404, title: { 'zh-CN': '没有这个绩效周期', en: 'There is no such period' } },
  'period.outside-campaign': {
    status: 422,
    title: { 'zh-CN': '日期不在活动里', en: 'The days lie outside of the campaign' },
  },
  'period.overlaps': {
    status: 409,
    title: { 'zh-CN': '和另一个周期重叠', en: 'Another period holds some of these days' },
  },
  'period.no-rule': { status: 409, title: { 'zh-CN': '还没有发布规则', en: 'No rule is published' } },
  'period.wrong-state': {
    status: 409,
    title: { 'zh-CN': '周期的状态不允许这一步', en: 'The period is not in the state for this step' },
  },
  'period.not-over': { status: 409, title: { 'zh-CN': '周期还没有结束', en: 'The period is not over yet' } },
  'period.bad-deadline': {
    status: 422,
    title: { 'zh-CN': '截止日期不对', en: 'The deadline is not right' },
  },
  'period.objections-last': {
    status: 409,
    title: { 'zh-CN': '异议期还没有结束', en: 'Objections are still taken' },
  },
  'period.appeals-open': {
    status: 409,
    title: { 'zh-CN': '还有申诉没有处理', en: 'Appeals wait for a decision' },
  },
  'period.not-prepared': {
    status: 409,
    title: { 'zh-CN': '还没有人提交关账', en: 'Nobody has asked for the closing yet' },
  },
  'period.same-person': {
    status: 409,
    title: { 'zh-CN': '要由另一个人复核', en: 'Somebody else must confirm' },
  },
  'period.busy': { status: 409, title: { 'zh-CN': '正在计算', en: 'An evaluation is under way' } },
  'period.no-supplement': {
    status: 404,
    title: { 'zh-CN': '没有这份补充', en: 'There is no such supplement' },
  },
  'period.no-run': { status: 404, title: { 'zh-CN': '还没有结果', en: 'There is no result yet' } },
  'rule.draft-not-found': {
    status: 404,
    title: { 'zh-CN': '没有这份规则草稿', en: 'There is no such draft' },
  },
  'rule.not-compared': {
    status: 409,
    title: { 'zh-CN': '还没有新旧对比', en: 'What the rule changes is not known yet' },
  },
  'rule.outdated': {
    status: 409,
    title: { 'zh-CN': '规则已经有了更新的版本', en: 'Another version was published since' },
  },
  'rule.under-objection': {
    status: 409,
    title: { 'zh-CN': '有周期正在异议期', en: 'People may object to a period that this would change' },
  },
  'appeal.not-found': { status: 404, title: { 'zh-CN': '没有这个申诉', en: 'There is no such appeal' } },
  'appeal.decided': { status: 409, title: { 'zh-CN': '申诉已经处理', en: 'The appeal was decided' } },
  'appeal.own': {
    status: 409,
    title: { 'zh-CN': '自己的申诉要由别人处理', en: 'Somebody else must decide your own appeal' },
  },
} as const;
