import type { Catalogue } from '../../chat/locale.ts';

const zh = {
  help: '导出打卡 2026-11：把某个月的打卡记录导出成表格，不写月份就是本月；后面可以写用途，比如「用途 年终考核」',
  purpose: '核对打卡记录（聊天中导出，没有另写用途）',
  wrongMonth: '没看懂是哪个月。请写成「导出打卡 2026-11」这样，不写月份就导出本月。',
  preparing: (month: string) => `${month}的打卡记录比较多，正在准备，好了马上发给你。`,
  done: (month: string, people: number, rows: number, until: string) =>
    `${month}的打卡导出好了：${people} 人，${rows} 条打卡记录。文件保留到 ${until}，含个人信息，请妥善保管。`,
  soFar: (at: string) => `数据截至 ${at}，还没过完的日子先不算应打卡。`,
  nothing: (month: string) => `${month}还没有打卡记录，表格里只有表头和人员名单。`,
  approval: {
    help: '批准导出 编号：同意同事的大批量导出；不同意就发「拒绝导出 编号 原因」',
    title: (code: string) => `大批量导出待复核 · ${code}`,
    body: '这次导出的数据比较多，需要另一位同事看一眼再放行。请确认用途合适；不合适就写上原因拒绝。',
    by: '申请人',
    what: '文件',
    period: '时间',
    purpose: '用途',
    reason: '拒绝的原因（批准不用写）',
    approve: '批准',
    refuse: '拒绝',
    approveWord: (code: string) => `批准导出 ${code}`,
    refuseWord: (code: string) => `拒绝导出 ${code}`,
    words: (code: string) => `也可以直接发「批准导出 ${code}」或「拒绝导出 ${code} 原因」`,
    none: '没有找到等你复核的导出，可能已经处理过了。编号在复核卡片的标题里。',
    needsReason: (code: string) => `请写上原因，让对方知道怎么改：拒绝导出 ${code} 原因`,
    own: '自己的导出要请另一位同事复核哦。',
    decided: '这个导出已经处理过了，不用再操作。',
    approved: (code: string) => `已批准 ${code}，文件马上开始准备。`,
    refused: (code: string) => `已拒绝 ${code}，原因会告诉申请人。`,
    toldApproved: (file: string, who: string) => `${who}批准了「${file}」，正在准备。`,
    toldRefused: (file: string, who: string, reason: string) =>
      `${who}没有同意导出「${file}」，原因：${reason}。改好用途或缩小范围后可以再申请。`,
    waiting: (month: string, approvers: number) =>
      `${month}的数据比较多，按规定要另一位同事复核。已经请 ${approvers} 位同事看了，通过后文件马上发给你。`,
    nobody: (month: string) =>
      `${month}的数据比较多，按规定要另一位同事复核，可是现在没有别人有这个权限。请让管理员再指定一位人事，或者缩短时间范围。`,
  },
  failed: (month: string) =>
    `${month}的打卡导出没有成功，不是你的操作问题。请过一会儿再发一次，还不行就请管理员看看。`,
};

const en: typeof zh = {
  help: 'export checkins 2026-11: the check-ins of a month as a spreadsheet; without a month, this one. Say what for, if you like: “for the yearly review”',
  purpose: 'Looking over check-ins (exported in chat, no purpose given)',
  wrongMonth:
    'I could not tell which month. Try “export checkins 2026-11”, or leave the month out for this one.',
  preparing: (month) =>
    `There are many check-ins in ${month}. I am preparing the file and will send it right away.`,
  done: (month, people, rows, until) =>
    `Check-ins of ${month}: ${people === 1 ? '1 person' : `${people} people`}, ${rows === 1 ? '1 check-in' : `${rows} check-ins`}. The file is kept until ${until}; it holds personal data, so please take care of it.`,
  soFar: (at) => `As of ${at}; days that are not over yet are not counted as due.`,
  nothing: (month) =>
    `There are no check-ins in ${month} yet; the sheet has the headings and the list of people.`,
  approval: {
    help: 'approve export CODE: agree to a colleague’s large export; or “refuse export CODE reason”',
    title: (code) => `A large export waits for you · ${code}`,
    body: 'This export holds a lot of data, so a second person looks at it first. Approve when the purpose is fine; otherwise refuse and say why.',
    by: 'Asked for by',
    what: 'File',
    period: 'Time',
    purpose: 'Purpose',
    reason: 'Why not (only to refuse)',
    approve: 'Approve',
    refuse: 'Refuse',
    approveWord: (code) => `approve export ${code}`,
    refuseWord: (code) => `refuse export ${code}`,
    words: (code) => `Or write “approve export ${code}”, or “refuse export ${code} reason”`,
    none: 'I found no export that waits for you; it may be decided already. The code stands in the title of the card.',
    needsReason: (code) => `Please say why, so that they know what to change: refuse export ${code} reason`,
    own: 'Your own export needs the eyes of somebody else.',
    decided: 'This export is decided already; there is nothing left to do.',
    approved: (code) => `${code} is approved; the file is being made.`,
    refused: (code) => `${code} is refused; I will tell them why.`,
    toldApproved: (file, who) => `${who} approved “${file}”. It is being made.`,
    toldRefused: (file, who, reason) =>
      `${who} did not agree to “${file}”: ${reason}. You can ask again with another purpose or a shorter period.`,
    waiting: (month, approvers) =>
      `${month} holds a lot of data, so a second person has to agree. I asked ${approvers === 1 ? 'one colleague' : `${approvers} colleagues`}; once approved, the file comes right away.`,
    nobody: (month) =>
      `${month} holds a lot of data, so a second person has to agree, and nobody else may right now. Please ask an administrator for one, or take a shorter period.`,
  },
  failed: (month) =>
    `The export of ${month} did not work, through no fault of yours. Please try again in a while, or ask an administrator.`,
};

export const text: Catalogue<typeof zh> = { 'zh-CN': zh, en };
