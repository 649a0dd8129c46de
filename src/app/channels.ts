import { createFeishuAdapter } from '../adapters/feishu/index.ts';
import type { ChannelAdapter } from '../chat/adapter.ts';
import type { Platforms } from '../config/platforms.ts';
import type { Database } from '../kernel/db.ts';
import type { Log } from '../kernel/log.ts';
import type { Clock } from '../kernel/time.ts';

/** What a platform's adapter is given. */
export interface ChannelDeps {
  database: Database;
  clock: Clock;
  log: Log;
  /** File messages name paths below this folder. */
  fileRoot: string;
  publicUrl: string;
}

/** Opens the adapter of every platform that is set up; nothing is called before `listen` and `send`. */
export function openChannels(platforms: Platforms, deps: ChannelDeps): ChannelAdapter[] {
  const { feishu } = platforms;
  return feishu === undefined ? [] : [createFeishuAdapter({ ...deps, settings: feishu })];
}
