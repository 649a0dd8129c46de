import { createDingtalkAdapter } from '../adapters/dingtalk/index.ts';
import { createFeishuAdapter } from '../adapters/feishu/index.ts';
import { createWecomAdapter } from '../adapters/wecom/index.ts';
import type { ChannelAdapter } from '../chat/adapter.ts';
import type { Behaviour } from '../config/behaviour.ts';
import type { Platforms } from '../config/platforms.ts';
import type { Database } from '../kernel/db.ts';
import { UserError } from '../kernel/errors.ts';
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
export function openChannels(
  platforms: Platforms,
  deps: ChannelDeps,
  behaviour: Pick<Behaviour, 'wecom'>,
): ChannelAdapter[] {
  return [...feishu(platforms, deps), ...wecom(platforms, deps, behaviour), ...dingtalk(platforms, deps)];
}

function feishu({ feishu: settings }: Platforms, deps: ChannelDeps): ChannelAdapter[] {
  return settings === undefined ? [] : [createFeishuAdapter({ ...deps, settings })];
}

function dingtalk({ dingtalk: settings }: Platforms, deps: ChannelDeps): ChannelAdapter[] {
  if (settings === undefined) return [];
  const meter = dingtalkMeter({ ...deps, db: deps.database.db, corpId: settings.corpId });
  return [createDingtalkAdapter(settings, { ...deps, meter })];
}

function wecom(
  { wecom: app, wecomBot: robot }: Platforms,
  deps: ChannelDeps,
  behaviour: Pick<Behaviour, 'wecom'>,
): ChannelAdapter[] {
  if (app !== undefined) return [createWecomAdapter({ app, robot, behaviour: behaviour.wecom }, deps)];
  if (robot === undefined) return [];
  throw new UserError(
    'the WeCom robot is the way of the WeCom app into groups and cannot stand alone: give CUHUO_WECOM_CORP_ID and the other variables of the app too',
  );
}
