/** One internal app of one organisation, as the environment gives it. */
export interface DingtalkSettings {
  clientId: string;
  clientSecret: string;
  corpId: string;
  robotCode: string;
  agentId: string;
  /** A published template after `config/dingtalk/card-template.json`; without one, buttons are links that say a word. */
  cardTemplateId: string | undefined;
  token: string | undefined;
  aesKey: string | undefined;
  baseUrl: string;
  oapiBaseUrl: string;
  mode: 'stream' | 'webhook';
  /** Metered calls that the organisation's plan allows in a natural month. */
  callsAMonth: number;
  /** Stream and webhook messages that it allows. */
  messagesAMonth: number;
}
