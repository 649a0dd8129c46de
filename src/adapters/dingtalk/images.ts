import { z } from 'zod';
import type { SealedCard, SealedMessage } from '../../chat/message.ts';
import type { PictureKeys, PictureWay } from '../../chat/picture-keys.ts';
import type { PictureRefusal } from '../../chat/pictures.ts';
import { type DingtalkClient, type Meter, parse } from './client.ts';

const answer = z.object({ media_id: z.string().min(1) });
const UPLOAD_TIMEOUT_MS = 15_000;

export interface Images {
  /** The media id of the picture that a message carries; undefined where it carries none. */
  of(message: SealedMessage): Promise<string | undefined | PictureRefusal>;
  /** The same for a card that answers a press: without its picture rather than not at all. */
  ofCard(card: SealedCard | undefined): Promise<string | undefined>;
}

/** Pictures as media ids, which have no documented end. D:upload-media-files, page of 2026-06-01. */
export function createImages(deps: { client: DingtalkClient; keys: PictureKeys; meter: Meter }): Images {
  const path = '/media/upload';
  const way: PictureWay = {
    kind: 'media_id',
    async upload({ bytes, mime, ending }) {
      deps.meter('media/upload');
      const form = new FormData();
      form.append('media', new Blob([new Uint8Array(bytes)], { type: mime }), `picture.${ending}`);
      const query = { type: 'image' };
      const json = await deps.client.oapi({
        method: 'POST',
        path,
        query,
        body: form,
        timeoutMs: UPLOAD_TIMEOUT_MS,
      });
      return parse(answer, { json }, path).media_id;
    },
  };

  async function keyOf(picture: { path: string } | undefined): Promise<string | undefined | PictureRefusal> {
    if (picture === undefined) return undefined;
    const found = await deps.keys.keyOf(picture.path, way);
    return 'refused' in found ? found : found.key;
  }

  return {
    of: (message) =>
      keyOf(message.kind === 'image' ? message : message.kind === 'card' ? message.card.image : undefined),
    async ofCard(card) {
      const key = await keyOf(card?.image).catch(() => undefined);
      return typeof key === 'string' ? key : undefined;
    },
  };
}
