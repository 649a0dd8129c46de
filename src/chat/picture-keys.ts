import { and, eq, gt, isNull, or } from 'drizzle-orm';
import type { Db } from '../kernel/db.ts';
import { withoutDoubt } from '../kernel/errors.ts';
import type { Clock } from '../kernel/time.ts';
import type { Channel } from './event.ts';
import { pictureKeys } from './picture-keys.tables.ts';
import { type PictureRefusal, type ReadPicture, readPicture } from './pictures.ts';

/** One way in which a platform takes pictures. */
export interface PictureWay {
  /** What the key is: `image_key`, `media_id`, `url`. */
  kind: string;
  /** How long the platform keeps it; absent where it has no end. */
  validMs?: number;
  /** Gives it to the platform. Resolves to the key; rejects with PlatformError. */
  upload(picture: ReadPicture): Promise<string>;
}

export interface PictureKeys {
  /**
   * The platform's key of a picture of ours, uploaded if the account does not have it, or why there is none. Rejects with
   * PlatformError, never `unanswered`: the message that shows the picture was not sent.
   */
  keyOf(path: string, way: PictureWay): Promise<{ key: string; picture: ReadPicture } | PictureRefusal>;
  /** The platform knows the key no more: the next question uploads again. */
  forget(key: string): Promise<void>;
}

/**
 * Uploads each picture once per account, and remembers its key as long as the platform keeps it. Who asks while an
 * upload is under way waits for it; two processes that begin in the same moment may both upload, which is harmless.
 */
export function createPictureKeys(deps: {
  db: Db;
  clock: Clock;
  fileRoot: string;
  channel: Channel;
  account: string;
}): PictureKeys {
  const { db, clock, fileRoot, channel, account } = deps;
  const under = new Map<string, Promise<string>>();

  const ours = (kind: string, digest: string) =>
    and(
      eq(pictureKeys.channel, channel),
      eq(pictureKeys.account, account),
      eq(pictureKeys.kind, kind),
      eq(pictureKeys.digest, digest),
    );

  async function known(kind: string, digest: string): Promise<string | undefined> {
    const valid = or(isNull(pictureKeys.until), gt(pictureKeys.until, clock.now()));
    const [row] = await db
      .select({ key: pictureKeys.key })
      .from(pictureKeys)
      .where(and(ours(kind, digest), valid));
    return row?.key;
  }

  async function uploaded(picture: ReadPicture, { kind, validMs, upload }: PictureWay): Promise<string> {
    const { digest } = picture;
    const before = await known(kind, digest);
    if (before !== undefined) return before;
    const begun = clock.now();
    const key = await upload(picture).catch(withoutDoubt);
    const until = validMs === undefined ? null : begun.add({ milliseconds: validMs });
    await db
      .insert(pictureKeys)
      .values({ channel, account, kind, digest, key, until })
      .onConflictDoUpdate({
        target: [pictureKeys.channel, pictureKeys.account, pictureKeys.kind, pictureKeys.digest],
        set: { key, until },
      });
    return key;
  }

  return {
    async keyOf(path, way) {
      const picture = await readPicture(fileRoot, path);
      if ('refused' in picture) return picture;
      const name = `${way.kind} ${picture.digest}`;
      let key = under.get(name);
      if (key === undefined) {
        key = uploaded(picture, way).finally(() => under.delete(name));
        under.set(name, key);
      }
      return { key: await key, picture };
    },
    async forget(key) {
      await db
        .delete(pictureKeys)
        .where(
          and(eq(pictureKeys.channel, channel), eq(pictureKeys.account, account), eq(pictureKeys.key, key)),
        );
    },
  };
}
