import type { Catalogue } from '../../chat/locale.ts';

const zh = {
  late: '收到，正在记录。结果稍后发给你。',
  failed: '刚才没记上，请过一会儿再点一次。',
};

const en: typeof zh = {
  late: 'Got it, working on it. The result follows.',
  failed: 'That did not go through. Please press it again in a moment.',
};

export const text: Catalogue<typeof zh> = { 'zh-CN': zh, en };
