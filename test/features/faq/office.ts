import type { EngineEntry } from '#src/features/faq/engine/index.ts';

/** A small knowledge base of our own, as tests need it. */
export const office = [
  {
    id: 'password-reset',
    question: '忘记密码怎么办',
    similar: ['登录密码忘了如何找回', '怎样重置密码'],
    answer: '在登录页点 **忘记密码**，按提示用手机号重设。',
  },
  {
    id: 'activate',
    question: '怎么激活软件',
    similar: ['软件激活步骤是什么', '序列号在哪里输入'],
    answer: '打开 **帮助 → 激活**，粘贴序列号。',
  },
  {
    id: 'activate-fails',
    question: '为什么软件激活失败',
    similar: ['激活不了是什么原因'],
    answer: '多半是服务器连不上，先检查网络。',
  },
  {
    id: 'pdf-to-word',
    question: 'PDF 怎么转成 Word',
    similar: ['把 pdf 变成可编辑的文档'],
    answer: '**文件 → 另存为** 里选 Word 文档。',
  },
  {
    id: 'error-1001',
    question: '提示错误代码 1001 怎么处理',
    similar: ['报错 1001'],
    answer: '清理缓存后重启。',
  },
  {
    id: 'error-2002',
    question: '提示错误代码 2002 怎么处理',
    similar: ['报错 2002'],
    answer: '升级到最新版。',
  },
  {
    id: 'print-blank',
    question: '打印出来是空白页怎么办',
    similar: ['为什么打印机打出白纸'],
    answer: '检查打印区域。',
  },
  {
    id: 'autosave-on',
    question: '如何开启自动保存',
    similar: ['自动备份怎么打开'],
    answer: '选项里勾选自动保存。',
  },
  {
    id: 'autosave-lost',
    question: '没有自动保存的文件怎么恢复',
    similar: ['断电后文档没保存怎么找回'],
    answer: '在备份中心里找。',
  },
  {
    id: 'reset-password-en',
    question: 'How do I change my display language?',
    similar: ['Switch the interface to English'],
    answer: 'Open **Settings → Language**.',
  },
  {
    id: 'macro-security',
    question: '宏被禁用了怎么启用',
    similar: ['打开宏的安全设置'],
    answer: '信任中心里调整宏设置。',
  },
  {
    id: 'cloud-sync',
    question: '云文档不同步怎么办',
    similar: ['云端文件没有更新'],
    answer: '退出后重新登录一次。',
  },
].map((entry): EngineEntry => ({ tags: [], ...entry }));
