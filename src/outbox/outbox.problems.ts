/** What is answered instead of messages and stops. */
export const outboxProblems = {
  'message.not-found': { status: 404, title: { 'zh-CN': '没有这条消息', en: 'There is no such message' } },
  'stop.not-found': { status: 404, title: { 'zh-CN': '没有这条暂停记录', en: 'There is no such stop' } },
  'stop.ended': { status: 409, title: { 'zh-CN': '这条暂停已经结束', en: 'This stop has ended already' } },
  'outbox.pass-reason': {
    status: 400,
    title: { 'zh-CN': '紧急或正式消息要写明理由', en: 'An urgent or official message must say why' },
  },
} as const;
