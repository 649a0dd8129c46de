import { z } from 'zod';
import type { FeishuClient } from './client.ts';

const botShape = z.object({ bot: z.object({ open_id: z.string().min(1) }) });

/** After a failure the next question waits, so that a burst of messages does not become a burst of calls. */
const AGAIN_AFTER_MS = 5_000;
const ASK_MS = 1_500;

/** Our own id among those who can be mentioned; asked once. Undefined while the platform does not tell. */
export function createBotId(client: FeishuClient): () => Promise<string | undefined> {
  let known: string | undefined;
  let asking: Promise<string | undefined> | undefined;
  let failedAt = Number.NEGATIVE_INFINITY;

  async function ask(): Promise<string | undefined> {
    try {
      const call = { name: 'bot/v3/info', path: '/bot/v3/info', timeoutMs: ASK_MS };
      known = (await client.call(call, botShape)).bot.open_id;
    } catch {
      failedAt = performance.now();
    }
    return known;
  }

  return async () => {
    if (known !== undefined || performance.now() - failedAt < AGAIN_AFTER_MS) return known;
    asking ??= ask().finally(() => {
      asking = undefined;
    });
    return asking;
  };
}
