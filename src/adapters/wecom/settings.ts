import type { Database } from '../../kernel/db.ts';
import type { Log } from '../../kernel/log.ts';
import type { Clock } from '../../kernel/time.ts';

export interface WecomAppSettings {
  corpId: string;
  agentId: string;
  secret: string;
  /** Token and EncodingAESKey of 接收消息. */
  token: string;
  aesKey: string;
  baseUrl: string;
  contactSecret: string | undefined;
  /** Whole addresses of group pushes (消息推送) by the name that we give them. */
  groupWebhooks: Readonly<Record<string, string>>;
}

export interface WecomRobotSettings {
  id: string;
  secret: string;
  wsUrl: string;
}

export interface MenuItem {
  name: string;
  /** What pressing it says, as if the person had typed it. */
  word?: string | undefined;
  items?: readonly { name: string; word: string }[] | undefined;
}

/** What the company chooses in the YAML file. */
export interface WecomBehaviour {
  /** 账号上限: how many accounts the corporation may have. Times 200 is what one app may send to in a day. */
  accountLimit: number;
  /** The app's menu, put at the start where it differs; empty leaves the menu alone. */
  menu: readonly MenuItem[];
}

export interface WecomDeps {
  database: Database;
  clock: Clock;
  log: Log;
  /** File messages name paths below this folder. */
  fileRoot: string;
}
