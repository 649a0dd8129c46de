/** What the app needs to know of itself; the environment gives it. */
export interface FeishuSettings {
  appId: string;
  appSecret: string;
  /** Of webhooks; nothing that comes over the long connection is encrypted. */
  encryptKey: string | undefined;
  verificationToken: string | undefined;
  baseUrl: string;
  mode: 'websocket' | 'webhook';
}
