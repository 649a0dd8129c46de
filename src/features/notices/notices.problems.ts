/** What is answered instead of a notice; chat, API and docs read this table. */
export const noticeProblems = {
  'notice.not-found': { status: 404, title: { 'zh-CN': '没有这条通知', en: 'There is no such notice' } },
  'notice.state': {
    status: 409,
    title: { 'zh-CN': '这条通知现在不能这样操作', en: 'The notice is not in a state for this' },
  },
  'notice.variable-missing': {
    status: 422,
    title: { 'zh-CN': '有变量没有值，还不能发', en: 'A variable has no value, so it cannot go out' },
  },
  'notice.sensitive': {
    status: 422,
    title: { 'zh-CN': '内容里有不能发的文字', en: 'It contains what may not be sent' },
  },
  'notice.too-long': {
    status: 422,
    title: { 'zh-CN': '内容太长，平台装不下', en: 'It is longer than the platform takes' },
  },
  'notice.attachment-unreadable': {
    status: 422,
    title: { 'zh-CN': '附件打不开', en: 'An attachment cannot be read' },
  },
  'notice.nobody': { status: 422, title: { 'zh-CN': '这个范围里没有人', en: 'Nobody is in this audience' } },
  'notice.document-incomplete': {
    status: 422,
    title: {
      'zh-CN': '发文要写明发文机关、文号和签发人',
      en: 'A document needs an issuer, a number and signatories',
    },
  },
  'notice.same-person': {
    status: 403,
    title: { 'zh-CN': '编制、审核、批准要由不同的人完成', en: 'Preparer, reviewer and approver must differ' },
  },
  'notice.not-reviewed': {
    status: 409,
    title: { 'zh-CN': '发文要先审核再批准', en: 'A document is reviewed before it is approved' },
  },
  'notice.not-approved': { status: 409, title: { 'zh-CN': '还没有批准', en: 'It is not approved yet' } },
  'notice.approval-expired': {
    status: 409,
    title: { 'zh-CN': '批准已过期，请重新提交', en: 'The approval has expired; submit it again' },
  },
  'notice.past': {
    status: 422,
    title: { 'zh-CN': '发送时间已经过去', en: 'The time to send it is in the past' },
  },
  'notice.scope-foreign': {
    status: 403,
    title: { 'zh-CN': '范围超出了负责的部门', en: 'The audience goes beyond the delegated departments' },
  },
  'notice.quota': {
    status: 429,
    title: { 'zh-CN': '今天的通知次数用完了', en: 'No more notices today' },
  },
  'notice.channel-full': {
    status: 409,
    title: { 'zh-CN': '平台额度不够发完', en: 'The platform’s quota does not let it finish' },
  },
  'notice.file-not-found': { status: 404, title: { 'zh-CN': '没有这个文件', en: 'There is no such file' } },
} as const;
