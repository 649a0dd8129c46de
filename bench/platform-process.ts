import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { startDingtalkSimulator } from '../src/simulators/dingtalk/index.ts';
import { startFeishuSimulator } from '../src/simulators/feishu/index.ts';
import { startWecomSimulator } from '../src/simulators/wecom/index.ts';

export type PlatformName = 'wecom' | 'feishu' | 'dingtalk';

export interface PlatformCounts {
  /** Sends that were taken. */
  calls: number;
  throttled: number;
  dropped: number;
}

interface Opened {
  /** What our adapter is configured with, by the simulator's own names. */
  settings: Record<string, string>;
  /** Platform ids. */
  people: string[];
}

interface Simulated extends Opened {
  counts(): PlatformCounts;
}

export interface PlatformProcess extends Opened {
  counts(): Promise<PlatformCounts>;
  stop(): Promise<void>;
}

const named = (people: number): string[] => Array.from({ length: people }, (_, n) => `p${n}`);

/** Each with `n` people; the law of each stands where its adapter is made. */
const open: Record<PlatformName, (n: number) => Promise<Simulated>> = {
  async wecom(n) {
    const { client, world, url, calls } = await startWecomSimulator({ accountLimit: 1_000 });
    const people = named(n);
    for (const userid of people) client.addPerson({ userid });
    const { corpId, agentId, secret, token, aesKey } = world;
    return {
      settings: { corpId, agentId: String(agentId), secret, token, aesKey, url },
      people,
      counts: () => ({
        calls: calls('message/send'),
        throttled: world.throttled,
        dropped: world.dropped,
      }),
    };
  },
  async feishu(n) {
    const simulator = await startFeishuSimulator({ port: 0 });
    const people = named(n).map((name) => simulator.world.addPerson({ name }).openId);
    const { appId, appSecret, verificationToken, url } = simulator;
    return {
      settings: { appId, appSecret, verificationToken, url },
      people,
      counts: () => ({ ...simulator.counts('message/v4/batch_send'), dropped: 0 }),
    };
  },
  async dingtalk(n) {
    const simulator = await startDingtalkSimulator({ callsAMonth: 1_000_000, pushesAMonth: 1_000_000 });
    const people = named(n);
    for (const userid of people) simulator.addPerson({ userid });
    const { clientId, clientSecret, corpId, robotCode, agentId, token, aesKey } = simulator.settings;
    return {
      settings: {
        clientId,
        clientSecret,
        corpId,
        robotCode,
        agentId: String(agentId),
        token,
        aesKey,
        url: simulator.url,
      },
      people,
      counts() {
        const { calls, throttled, dropped } = simulator.counts;
        const sends = [...calls]
          .filter(([path]) => path.endsWith('oToMessages/batchSend'))
          .reduce((sum, [, times]) => sum + times, 0);
        return { calls: sends - throttled, throttled, dropped };
      },
    };
  },
};

/** A platform's strict simulator in a process of its own: like the platform, it does not share our thread and memory. */
export async function startPlatformProcess(name: PlatformName, people: number): Promise<PlatformProcess> {
  const child = fork(fileURLToPath(import.meta.url), [name, String(people)], {
    execArgv: ['--import', 'tsx'],
  });
  const [opened] = (await once(child, 'message')) as [Opened];
  return {
    ...opened,
    async counts() {
      child.send('counts');
      const [counts] = (await once(child, 'message')) as [PlatformCounts];
      return counts;
    },
    async stop() {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , name, people] = process.argv;
  const { counts, ...opened } = await open[name as PlatformName](Number(people));
  process.send?.(opened);
  process.on('message', () => process.send?.(counts()));
  process.on('disconnect', () => process.exit());
}
