/** What is answered instead of a tip. */
export const tipProblems = {
  'tip.not-found': { status: 404, title: { 'zh-CN': '没有这条技巧', en: 'There is no such tip' } },
  'tip.order-changed': {
    status: 409,
    title: { 'zh-CN': '别人刚改过顺序，请看一眼再调', en: 'Somebody else changed the order meanwhile' },
  },
} as const;
