import { z } from 'zod';
import type { SealedCard, SealedMessage } from '../../chat/message.ts';
import type { PictureKeys, PictureWay } from '../../chat/picture-keys.ts';
import type { PictureRefusal } from '../../chat/pictures.ts';
import type { FeishuClient } from './client.ts';

const uploaded = z.object({ data: z.object({ image_key: z.string().min(1) }) });

/** With a token and the send it must end before the sender gives the call to somebody else, after 30 s. */
const UPLOAD_MS = 15_000;

export interface Images {
  /** The `image_key` of the picture that a message carries; undefined where it carries none. */
  of(message: SealedMessage): Promise<string | undefined | PictureRefusal>;
  /** The same for a card that answers a press: without its picture rather than not at all. */
  ofCard(card: SealedCard | undefined): Promise<string | undefined>;
}

/**
 * Pictures as `image_key`s. No page names an end of a key, so it is kept.
 * Source: /reference/im-v1/image/create, read 2026-05-24.
 */
export function createImages(client: FeishuClient, keys: PictureKeys): Images {
  const way: PictureWay = {
    kind: 'image_key',
    async upload({ bytes, mime, ending }) {
      const form = new FormData();
      form.set('image_type', 'message');
      form.set('image', new Blob([new Uint8Array(bytes)], { type: mime }), `picture.${ending}`);
      const call = { name: 'im/v1/images', path: '/im/v1/images', body: form, timeoutMs: UPLOAD_MS };
      const { data } = await client.call(call, uploaded);
      return data.image_key;
    },
  };

  async function keyOf(path: string | undefined): Promise<string | undefined | PictureRefusal> {
    if (path === undefined) return undefined;
    const answer = await keys.keyOf(path, way);
    return 'refused' in answer ? answer : answer.key;
  }

  return {
    of: (message) => keyOf(pathIn(message)),
    async ofCard(card) {
      const key = await keyOf(card?.image?.path).catch(() => undefined);
      return typeof key === 'string' ? key : undefined;
    },
  };
}

function pathIn(message: SealedMessage): string | undefined {
  if (message.kind === 'image') return message.path;
  return message.kind === 'card' ? message.card.image?.path : undefined;
}
