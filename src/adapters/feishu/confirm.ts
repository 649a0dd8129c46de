import { z } from 'zod';
import type { Confirmation, Confirming, SentDispatch } from '../../chat/adapter.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { Temporal } from '../../kernel/time.ts';
import { batchIn } from './batch-ref.ts';
import type { FeishuClient } from './client.ts';
import { BULK } from './limits.ts';

const progressShape = z.object({
  data: z.object({
    batch_message_send_progress: z.object({
      valid_user_ids_count: z.coerce.number(),
      success_user_ids_count: z.coerce.number(),
      read_user_ids_count: z.coerce.number(),
    }),
  }),
});
const readersShape = z.object({
  data: z.object({
    items: z.array(z.object({ user_id: z.string(), timestamp: z.coerce.number() })).nullish(),
  }),
});

const DAY_MS = 86_400_000;

/**
 * Of a batch Feishu tells only numbers: when all have got it or read it, each has; until then nobody can say who. Of a
 * single message it tells who has read it, for seven days. Nothing finds a message whose answer was lost.
 */
export function createConfirming(client: FeishuClient): Confirming {
  async function batch(ref: string): Promise<Confirmation> {
    const { id, people } = batchIn(ref) ?? { id: ref, people: Number.POSITIVE_INFINITY };
    const call = {
      name: 'im/v1/batch_messages/get_progress',
      path: `${path('batch_messages', id)}/get_progress`,
    };
    const { data } = await client.call(call, progressShape);
    const { valid_user_ids_count: valid, success_user_ids_count: reached } = data.batch_message_send_progress;
    if (valid < people || reached < valid) return { kind: 'pending' };
    return data.batch_message_send_progress.read_user_ids_count >= valid
      ? { kind: 'read', platformMessageId: ref }
      : { kind: 'delivered', platformMessageId: ref };
  }

  async function single({ platformMessageId = '', to }: SentDispatch): Promise<Confirmation> {
    const { data } = await client.call(
      {
        name: 'im/v1/messages/read_users',
        path: `${path('messages', platformMessageId)}/read_users`,
        query: { user_id_type: 'open_id', page_size: 100 },
      },
      readersShape,
    );
    const reader = data.items?.find(({ user_id }) => to.kind === 'person' && user_id === to.platformId);
    if (reader === undefined) return { kind: 'delivered', platformMessageId };
    return { kind: 'read', platformMessageId, at: Temporal.Instant.fromEpochMilliseconds(reader.timestamp) };
  }

  return {
    afterMs: 30_000,
    everyMs: 300_000,
    withinMs: DAY_MS,
    batchSize: 200,
    findsLost: false,
    async ask(sent) {
      const batches = new Map<string, Promise<Confirmation>>();
      const asked = (one: SentDispatch): Promise<Confirmation> => {
        const { platformMessageId: id } = one;
        if (id === undefined) return Promise.resolve({ kind: 'untold' });
        if (one.way !== BULK) return single(one).catch(untold);
        const known = batches.get(id);
        const answer = known ?? batch(id).catch(untold);
        batches.set(id, answer);
        return answer;
      };
      const answers: Confirmation[] = [];
      for (const one of sent) answers.push(await asked(one));
      return answers;
    },
  };
}

const path = (kind: string, id: string): string => `/im/v1/${kind}/${encodeURIComponent(id)}`;

/** Too old, recalled, unknown: it will never say. Anything else is asked again later. */
function untold(error: unknown): Confirmation {
  if (error instanceof PlatformError && error.fate === 'give-up') return { kind: 'untold' };
  throw error;
}
