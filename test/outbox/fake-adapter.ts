import type { ChannelAdapter, Dispatch, SendResult } from '#src/chat/adapter.ts';
import { PlatformError } from '#src/kernel/errors.ts';

/** What happens at one call: results for its dispatches, or an error; `lost` delivers and then loses the answer. */
export type Script = (dispatches: readonly Dispatch[]) => Promise<SendResult[]> | SendResult[];

export interface FakeAdapter extends ChannelAdapter {
  /** The keys of each call, in order. */
  calls: string[][];
  /** What people really have, by key; a platform that repeats safely keeps the first. */
  arrived: Map<string, number>;
  /** Plays these for the next calls; afterwards everything is delivered. */
  plays(...scripts: Script[]): void;
}

/** A channel that does what the test says. */
export function fakeAdapter(options: { repeatsSafely: boolean; batchSize?: number }): FakeAdapter {
  const scripts: Script[] = [];
  const calls: string[][] = [];
  const arrived = new Map<string, number>();
  let messages = 0;

  function deliver(dispatches: readonly Dispatch[]): SendResult[] {
    return dispatches.map(({ key }) => {
      const known = arrived.get(key) ?? 0;
      arrived.set(key, options.repeatsSafely ? 1 : known + 1);
      messages += 1;
      return { kind: 'delivered', platformMessageId: `m${messages}` };
    });
  }

  return {
    channel: 'sandbox',
    account: 'fake',
    limits: {
      maxTextBytes: 1_000,
      maxCardBytes: 1_000,
    },
    ways: [
      {
        name: 'send',
        batchSize: options.batchSize ?? 100,
        ownContents: true,
        repeatsSafely: options.repeatsSafely,
        serves: 'single',
        takes: () => true,
      },
    ],
    quotas: [],
    calls,
    arrived,
    plays: (...next) => scripts.push(...next),
    async send(dispatches) {
      calls.push(dispatches.map(({ key }) => key));
      const script = scripts.shift();
      if (script === undefined) return deliver(dispatches);
      if (script === lost) {
        deliver(dispatches);
        throw fails('retry', { unanswered: true });
      }
      return script(dispatches);
    },
    update: () => Promise.resolve(),
    recall: () => Promise.resolve('recalled'),
    readiness: () => Promise.resolve(undefined),
    close: () => Promise.resolve(),
  };
}

/** The message arrives, and its answer does not. */
export const lost: Script = () => [];

export function fails(
  fate: PlatformError['fate'],
  more: { unanswered?: boolean; waitMs?: number; platformCode?: string } = {},
): PlatformError {
  return new PlatformError({ platform: 'fake', call: 'send', platformCode: '500', fate, ...more });
}
