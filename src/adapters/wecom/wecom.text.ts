import type { Catalogue, Locale } from '../../chat/locale.ts';

const zh = {
  source: '促活',
  /** On the button of a card on which nothing is left to press. */
  done: '已完成',
  seen: '知道了',
  progress: '进度',
  send: '提交',
  /** Under a card whose buttons cannot be shown. */
  typeWords: (words: readonly string[]) => `回复 ${words.map((word) => `**${word}**`).join('、')} 就行`,
  cannotFill: (label: string) => `“${label}”在企业微信里还填不了，抱歉。`,
  cut: '……（太长了，后面没显示完）',
  more: '更多',
  pictureRow: '图片',
  openPicture: '点这里看',
  picture: (alt: string) => (alt === '' ? '看图片' : `看图片：${alt}`),
  /** The robot answers a private word by way of the app. */
  answeredInApp: '收到！我在“促活”应用里回复你，去那边看看吧～',
};

const en: typeof zh = {
  source: 'Cuhuo',
  done: 'Done',
  seen: 'Seen',
  progress: 'Progress',
  send: 'Send',
  typeWords: (words) => `Reply ${words.map((word) => `**${word}**`).join(' or ')}`,
  cannotFill: (label) => `Sorry, “${label}” cannot be filled in here yet.`,
  cut: '… (too long, the rest is not shown)',
  more: 'More',
  pictureRow: 'Image',
  openPicture: 'Open it here',
  picture: (alt) => (alt === '' ? 'See the picture' : `See the picture: ${alt}`),
  answeredInApp: 'Got it! My answer is in the app, please have a look there.',
};

export const text: Catalogue<typeof zh> = { 'zh-CN': zh, en };

/** A message does not say whose it is; our own words follow the language that it is written in. */
export function localeOfWords(words: string): Locale {
  return /\p{Script=Han}/u.test(words) ? 'zh-CN' : 'en';
}
