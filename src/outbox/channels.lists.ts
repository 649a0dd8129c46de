import type { ChannelAdapter, MonthSoFar } from '../chat/adapter.ts';
import type { QuotaWindow } from '../chat/quota.ts';
import type { Db } from '../kernel/db.ts';
import type { Clock } from '../kernel/time.ts';
import { healthOf } from './health.ts';
import type { ChannelView } from './messages.api.ts';
import { quotaLevels, wallNow } from './meter.ts';

export interface ChannelViewsDeps {
  clock: Clock;
  adapters: readonly ChannelAdapter[];
  /** Asked for accounts of platforms that count by the month. */
  monthSoFar: (tx: Db, account: string) => Promise<MonthSoFar>;
}

/** Every channel with its health, its quotas, and the day on which a month's quota will be used up. */
export async function channelViews(
  tx: Db,
  { clock, adapters, monthSoFar }: ChannelViewsDeps,
): Promise<ChannelView[]> {
  const wallMs = await wallNow(tx);
  return Promise.all(
    adapters.map(async (adapter) => {
      const problem = await adapter.readiness();
      const { failures, restsMs } = await healthOf(tx, adapter);
      const levels = await quotaLevels(tx, adapter, { clock, wallMs });
      const ahead = adapter.monthAhead?.(await monthSoFar(tx, adapter.account)) ?? [];
      return {
        channel: adapter.channel,
        account: adapter.account,
        ready: problem === undefined,
        problem: problem ?? null,
        failures,
        restsMs,
        ways: adapter.ways.map(({ name, batchSize, repeatsSafely }) => ({ name, batchSize, repeatsSafely })),
        quotas: adapter.quotas.map((quota) => ({
          name: quota.name,
          counts: quota.counts,
          per: quota.per,
          most: quota.most,
          used: levels.find((level) => level.quota === quota)?.used ?? null,
          window: windowInWords(quota.window),
          runsOutOn: ahead.find((one) => one.quota === quota.name)?.runsOutOn?.toString() ?? null,
          beyond: quota.beyond,
          source: quota.source,
        })),
      };
    }),
  );
}

function windowInWords(window: QuotaWindow): string {
  return 'seconds' in window ? `${window.seconds} s` : `${window.calendar}, ${window.zone}`;
}
