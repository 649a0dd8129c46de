/** What is answered instead of a ticket. */
export const ticketProblems = {
  'ticket.not-found': { status: 404, title: { 'zh-CN': '没有这张工单', en: 'There is no such ticket' } },
  'ticket.closed': { status: 409, title: { 'zh-CN': '工单已经结束', en: 'The ticket is closed' } },
  'ticket.taken': { status: 409, title: { 'zh-CN': '同事已经接了', en: 'A colleague has it already' } },
  'ticket.not-support': {
    status: 409,
    title: { 'zh-CN': '这位同事不是客服', en: 'This colleague does not do support' },
  },
  'ticket.not-claimed': {
    status: 409,
    title: { 'zh-CN': '工单还没有人接', en: 'Nobody has the ticket yet' },
  },
  'ticket.needs-cause': {
    status: 400,
    title: { 'zh-CN': 'P0 工单要写明原因和处理', en: 'A P0 ticket needs cause and remedy in words' },
  },
} as const;
