import type { SealedCard, SealedMessage } from '../../chat/message.ts';
import type { PictureKeys, PictureWay } from '../../chat/picture-keys.ts';
import type { PictureRefusal, ReadPicture } from '../../chat/pictures.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { WecomClient } from './client.ts';
import { uploadForm } from './files.ts';

/** With a token and the send it must end before the sender gives the call to somebody else, after 30 s. */
const UPLOAD_TIMEOUT_MS = 12_000;
/** A media id lives for three days; one that is used must outlive what waits in the queue. Source: path/90253. */
const MEDIA_MS = (3 * 24 - 3) * 3_600_000;

/** A picture as a card can name it. */
export interface LinkedPicture {
  url: string;
  /** Width by height. */
  ratio: number;
}

export interface Images {
  /** A picture that is a message of its own. */
  mediaIdOf(path: string): Promise<{ mediaId: string } | PictureRefusal>;
  forget(mediaId: string): Promise<void>;
  /** The picture of a card at its permanent address; undefined where the message carries none. */
  linked(message: SealedMessage): Promise<LinkedPicture | undefined | PictureRefusal>;
  /** The same for a card that answers a press: without its picture rather than not at all. */
  ofCard(card: SealedCard | undefined): Promise<LinkedPicture | undefined>;
}

/**
 * Pictures: `media/upload` for those that are sent alone, `media/uploadimg` for those on cards, because cards name them
 * by address. The second has 3,000 a month and 1,000 a day for the corporation, and its addresses do not end.
 * Source: path/90253, path/90256 and path/90312, read 2026-11-22.
 */
export function createImages(client: WecomClient, keys: PictureKeys): Images {
  const form = ({ bytes, mime, ending }: ReadPicture) => uploadForm(bytes, `picture.${ending}`, mime);
  const media: PictureWay = {
    kind: 'media_id',
    validMs: MEDIA_MS,
    async upload(picture) {
      const reply = await client.call('media/upload', {
        query: { type: 'image' },
        body: form(picture),
        timeoutMs: UPLOAD_TIMEOUT_MS,
      });
      return answered('media/upload', reply['media_id']);
    },
  };
  const permanent: PictureWay = {
    kind: 'url',
    async upload(picture) {
      const reply = await client.call('media/uploadimg', {
        body: form(picture),
        timeoutMs: UPLOAD_TIMEOUT_MS,
      });
      return answered('media/uploadimg', reply['url']);
    },
  };

  async function linked(image: SealedCard['image']): Promise<LinkedPicture | undefined | PictureRefusal> {
    if (image === undefined) return undefined;
    const answer = await keys.keyOf(image.path, permanent);
    if ('refused' in answer) return answer;
    const { width, height } = answer.picture;
    return { url: answer.key, ratio: width / height };
  }

  return {
    async mediaIdOf(path) {
      const answer = await keys.keyOf(path, media);
      return 'refused' in answer ? answer : { mediaId: answer.key };
    },
    forget: (mediaId) => keys.forget(mediaId),
    linked: (message) => linked(message.kind === 'card' ? message.card.image : undefined),
    async ofCard(card) {
      const found = await linked(card?.image).catch(() => undefined);
      return found === undefined || 'refused' in found ? undefined : found;
    },
  };
}

function answered(call: string, key: unknown): string {
  if (typeof key === 'string' && key !== '') return key;
  throw new PlatformError({ platform: 'wecom', call, platformCode: 'PICTURE_NOT_TAKEN', fate: 'give-up' });
}
