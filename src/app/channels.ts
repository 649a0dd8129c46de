import { createDingtalkAdapter } from '../adapters/dingtalk/index.ts';
import type { ChannelAdapter } from '../chat/adapter.ts';
import type { Platforms } from '../config/platforms.ts';
import type { Database } from '../kernel/db.ts';
import type { Log } from '../kernel/log.ts';
import type { Clock } from '../kernel/time.ts';
import { dingtalkMeter } from './dingtalk-meter.ts';

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
export function openChannels({ dingtalk }: Platforms, deps: ChannelDeps): ChannelAdapter[] {
  const adapters: ChannelAdapter[] = [];
  if (dingtalk !== undefined) {
    const meter = dingtalkMeter({ ...deps, db: deps.database.db, corpId: dingtalk.corpId });
    adapters.push(createDingtalkAdapter(dingtalk, { ...deps, meter }));
  }
  return adapters;
}
