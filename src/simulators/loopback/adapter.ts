import { createHash } from 'node:crypto';
import type { ChannelAdapter, Confirming, Dispatch, SendResult } from '../../chat/adapter.ts';
import type { Channel } from '../../chat/event.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { callPlatform } from '../../kernel/http-client.ts';
import type { LoopbackRules } from './rules.ts';

/** A channel that leads to a loopback platform, under the name and account of any other. */
export function loopbackAdapter(options: {
  url: string;
  channel: Channel;
  account: string;
  rules: LoopbackRules;
  /** When to ask for the first time, and how long the platform tells; 1 s and 60 s unless given. */
  askAfterMs?: number;
  tellsForMs?: number;
}): ChannelAdapter {
  const { url, channel, account, rules } = options;

  async function call(path: string, body: object): Promise<unknown> {
    const { status, json } = await callPlatform({
      platform: channel,
      call: path,
      url: `${url}/${path}`,
      body,
    });
    if (status === 200) return json;
    const { code = 'no-code', waitMs } = (json ?? {}) as { code?: string; waitMs?: number };
    const fate = status === 429 ? 'wait' : 'give-up';
    throw new PlatformError({
      platform: channel,
      call: path,
      platformCode: code,
      fate,
      ...(waitMs === undefined ? {} : { waitMs }),
    });
  }

  const confirming: Confirming = {
    afterMs: options.askAfterMs ?? 1_000,
    everyMs: 1_000,
    withinMs: options.tellsForMs ?? 60_000,
    batchSize: 500,
    findsLost: rules.tells === 'results-and-lost',
    async ask(sent) {
      const { told } = (await call('ask', { keys: sent.map(({ key }) => key) })) as { told: string[] };
      return told.map((word) =>
        word === 'delivered'
          ? { kind: 'delivered' }
          : word === 'refused'
            ? { kind: 'refused', reason: 'loopback' }
            : { kind: 'missing', reason: 'not there' },
      );
    },
  };

  return {
    channel,
    account,
    limits: { maxTextBytes: 4_000, maxCardBytes: 30_000 },
    ways: rules.ways.map(({ kinds, ...way }) => ({ ...way, takes: ({ kind }) => kinds.includes(kind) })),
    quotas: rules.quotas,
    ...(rules.tells === 'nothing' ? {} : { confirming }),
    async send(dispatches, way) {
      if (dispatches.length === 0) return [];
      const { results } = (await call('send', {
        way,
        contentHash: createHash('sha256').update(JSON.stringify(dispatches[0]?.message)).digest('base64url'),
        to: dispatches.map((dispatch) => ({ key: dispatch.key, id: idOf(dispatch) })),
      })) as { results: string[] };
      return dispatches.map(({ key }, index): SendResult => {
        if (results[index] === 'refused') return { kind: 'refused', reason: 'loopback' };
        return { kind: rules.answers, platformMessageId: `loopback ${key}` };
      });
    },
    update: () => Promise.resolve(),
    recall: () => Promise.resolve('recalled'),
    readiness: () => Promise.resolve(undefined),
    close: () => Promise.resolve(),
  };
}

const idOf = ({ to }: Dispatch): string => (to.kind === 'person' ? to.platformId : to.chatId);
