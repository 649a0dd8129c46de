import { z } from 'zod';
import { PlatformError } from '../../kernel/errors.ts';
import { type DingtalkClient, type Meter, parse } from './client.ts';
import { messageIdIn } from './ids.ts';
import type { DingtalkSettings } from './settings.ts';
import type { Stores } from './stores.ts';

const answer = z.object({
  successResult: z.array(z.string()).nullish(),
  failedResult: z.record(z.string(), z.string()).nullish(),
});

/**
 * Takes a message back within 24 hours; what went to several in one call goes from all of them. The path of one-to-one
 * recall has another case than that of sending. Source: D:batch-message-recall-chat, read 2026-11-22.
 */
export function createRecall(deps: {
  client: DingtalkClient;
  settings: DingtalkSettings;
  stores: Stores;
  meter: Meter;
}): (platformMessageId: string) => Promise<'recalled' | 'too-late'> {
  const { client, settings, meter } = deps;

  async function byKey(
    key: string,
    openConversationId: string | undefined,
  ): Promise<'recalled' | 'too-late'> {
    const group = openConversationId !== undefined;
    const path = group ? '/v1.0/robot/groupMessages/recall' : '/v1.0/robot/otoMessages/batchRecall';
    meter(path.slice('/v1.0/'.length));
    const body = {
      robotCode: settings.robotCode,
      processQueryKeys: [key],
      ...(group ? { openConversationId } : {}),
    };
    const json = await client.api({ method: 'POST', path, body });
    const { successResult, failedResult } = parse(answer, { json }, path);
    if (successResult?.includes(key) === true) return 'recalled';
    const reason = failedResult?.[key] ?? 'not-recalled';
    if (/expire/i.test(reason)) return 'too-late';
    throw refusal(path, reason);
  }

  return async (platformMessageId) => {
    const id = messageIdIn(platformMessageId);
    switch (id?.kind) {
      case 'robot':
        return byKey(id.processQueryKey, undefined);
      case 'group':
        return byKey(id.processQueryKey, id.conversationId);
      case 'card': {
        const card = await deps.stores.cardOf(id.outTrackId);
        if (card === undefined || card.carrierId === null) throw refusal('recall', 'message-unknown');
        return byKey(card.carrierId, card.conversationId ?? undefined);
      }
      case 'work': {
        const path = '/topapi/message/corpconversation/recall';
        meter('corpconversation/recall');
        const body = { agent_id: Number(settings.agentId), msg_task_id: Number(id.taskId) };
        try {
          await client.oapi({ method: 'POST', path, body });
          return 'recalled';
        } catch (error) {
          // An old task and an unknown one are refused alike.
          if (error instanceof PlatformError && error.platformCode === '400002') return 'too-late';
          throw error;
        }
      }
      case 'session':
      case undefined:
        throw refusal('recall', id === undefined ? 'message-unknown' : 'not-recallable');
    }
  };
}

export const refusal = (call: string, platformCode: string): PlatformError =>
  new PlatformError({ platform: 'dingtalk', call, platformCode, fate: 'give-up' });
