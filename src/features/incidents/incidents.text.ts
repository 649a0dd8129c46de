import type { Catalogue } from '../../chat/locale.ts';

const channels = { wecom: '企业微信', feishu: '飞书', dingtalk: '钉钉', sandbox: '沙盒' } as Record<
  string,
  string
>;

const zh = {
  foundTitle: (channel: string | null) =>
    channel === null ? '系统中断（自动发现）' : `${channels[channel] ?? channel}不可用（自动发现）`,
};

const en: typeof zh = {
  foundTitle: (channel) => (channel === null ? 'We were down (found)' : `${channel} was down (found)`),
};

export const text: Catalogue<typeof zh> = { 'zh-CN': zh, en };
