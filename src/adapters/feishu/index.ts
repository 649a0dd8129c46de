import { z } from 'zod';
import type { ChannelAdapter } from '../../chat/adapter.ts';
import type { DirectoryHint } from '../../chat/directory-source.ts';
import { createPictureKeys } from '../../chat/picture-keys.ts';
import type { Db } from '../../kernel/db.ts';
import { messageOf, PlatformError } from '../../kernel/errors.ts';
import type { Log } from '../../kernel/log.ts';
import type { Clock } from '../../kernel/time.ts';
import { adviceOn } from './advice.ts';
import { batchIn } from './batch-ref.ts';
import { createBotId } from './bot.ts';
import { createClient } from './client.ts';
import { createConfirming } from './confirm.ts';
import { createDirectory } from './directory.ts';
import { encode } from './encode.ts';
import { createHandle } from './handle.ts';
import { createImages } from './images.ts';
import { avoid, limits, quotas, ways } from './limits.ts';
import { serveWebhook } from './receive.ts';
import { createSend } from './send.ts';
import type { FeishuSettings } from './settings.ts';
import { openStream, type Stream, type StreamDeps } from './stream.ts';

export interface FeishuDeps {
  settings: FeishuSettings;
  database: { db: Db };
  clock: Clock;
  log: Log;
  /** File messages name paths below this folder. */
  fileRoot: string;
  /** For tests that cannot wait: see `StreamDeps` and `createHandle`. */
  tuning?: Pick<StreamDeps, 'watchMs' | 'leaseMs'> & { windowMs?: number };
}

/** Feishu, one self-built app of one tenant: by long connection, or by webhook where the setting says so. */
export function createFeishuAdapter(deps: FeishuDeps): ChannelAdapter {
  const { settings, clock, log, fileRoot, tuning = {} } = deps;
  const account = settings.appId;
  const client = createClient(settings, clock);
  const botOpenId = createBotId(client);
  const { db } = deps.database;
  const images = createImages(client, createPictureKeys({ db, clock, fileRoot, channel: 'feishu', account }));
  const listeners: ((hint: DirectoryHint) => void)[] = [];
  let stream: Stream | undefined;

  return {
    channel: 'feishu',
    account,
    limits,
    ways,
    quotas,
    avoid,
    confirming: createConfirming(client),
    directory: createDirectory({ client, account, onHint: (tell) => void listeners.push(tell) }),

    async listen(routes, receive) {
      const handle = createHandle({
        client,
        images,
        clock,
        log,
        account,
        botOpenId,
        receive,
        hint: (hint) => listeners.forEach((tell) => tell(hint)),
        ...(tuning.windowMs === undefined ? {} : { windowMs: tuning.windowMs }),
      });
      const { encryptKey, verificationToken } = settings;
      if (settings.mode === 'websocket') {
        stream = openStream({ settings, db, log, handle, ...tuning });
      } else if (encryptKey !== undefined && verificationToken !== undefined) {
        await serveWebhook(routes, {
          settings: { ...settings, encryptKey, verificationToken },
          clock,
          log,
          handle,
        });
      } else {
        throw new RangeError('without encrypt key and verification token nothing can be verified');
      }
    },

    send: createSend(client, images, fileRoot),

    async update(platformMessageId, card) {
      const encoded = encode({ kind: 'card', card }, 'private', await images.ofCard(card));
      if ('refused' in encoded) throw refusal('im/v1/messages/patch', encoded.refused);
      // What a batch has sent cannot be replaced.
      if (batchIn(platformMessageId) !== undefined) throw refusal('im/v1/messages/patch', 'part-of-a-batch');
      await client.call(
        {
          name: 'im/v1/messages/patch',
          method: 'PATCH',
          path: messagePath(platformMessageId),
          body: { content: JSON.stringify(encoded.content) },
        },
        z.unknown(),
      );
    },

    async recall(platformMessageId) {
      const batch = batchIn(platformMessageId);
      const path =
        batch === undefined
          ? messagePath(platformMessageId)
          : `/im/v1/batch_messages/${encodeURIComponent(batch.id)}`;
      try {
        await client.call({ name: 'im/v1/messages/delete', method: 'DELETE', path }, z.unknown());
        return 'recalled';
      } catch (error) {
        const code = error instanceof PlatformError ? error.platformCode : '';
        if (code === RECALL_TOO_LATE) return 'too-late';
        if (code === DELETED_ALREADY) return 'recalled';
        throw error;
      }
    },

    async readiness() {
      try {
        await client.signIn();
      } catch (error) {
        return adviceOn(error);
      }
      return stream?.trouble();
    },

    async close() {
      await stream?.close().catch((error: unknown) => log.warn({ reason: messageOf(error) }, 'close failed'));
    },
  };
}

const RECALL_TOO_LATE = '230009';
const DELETED_ALREADY = '230110';

const messagePath = (id: string): string => `/im/v1/messages/${encodeURIComponent(id)}`;

function refusal(call: string, platformCode: string): PlatformError {
  return new PlatformError({ platform: 'feishu', call, platformCode, fate: 'give-up' });
}
