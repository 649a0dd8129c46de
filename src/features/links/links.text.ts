import type { Catalogue } from '../../chat/locale.ts';

const zh = {
  welcome: '欢迎扫码过来！发送「今日技巧」看看今天的小窍门，看完点一下打卡就好。',
  again: '又见面啦！发送「今日技巧」看看今天的小窍门。',
  unknown: '这个码我没找到，看看海报上的字母和数字，再发一次「扫码 码」。',
  over: '这个活动码已经停用了，谢谢你扫它。',
  sayTo: '在工作群聊里打开「促活」机器人，发送：',
  word: (code: string) => `扫码 ${code}`,
};
const en: typeof zh = {
  welcome: 'Welcome! Send “tip” for the trick of today, then press Check in.',
  again: 'Good to see you again! Send “tip” for the trick of today.',
  unknown: 'I do not know this code. Look at the poster once more and send “scan CODE”.',
  over: 'This code is not in use any more. Thank you for scanning it.',
  sayTo: 'Open the Cuhuo bot in your work chat and send:',
  word: (code) => `scan ${code}`,
};
export const text: Catalogue<typeof zh> = { 'zh-CN': zh, en };
