import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileBelow } from '../kernel/files.ts';

/** What every platform takes as a picture: WeCom's permanent addresses have the smallest limit. */
export const MOST_PICTURE_BYTES = 2 * 1024 * 1024;
/** Feishu takes no longer side. */
const MOST_SIDE = 12_000;
const FEWEST_BYTES = 24;

export interface PictureLook {
  mime: 'image/png' | 'image/jpeg';
  ending: 'png' | 'jpg';
  width: number;
  height: number;
}

export interface ReadPicture extends PictureLook {
  bytes: Buffer;
  /** SHA-256 of the bytes: the same picture has the same, whatever it is called. */
  digest: string;
}

export type PictureRefusal = { refused: 'image-missing' | 'image-too-large' | 'image-unreadable' };

/** A stored picture, or why it cannot be sent. Its type is what its bytes say, not what its name says. */
export async function readPicture(root: string, path: string): Promise<ReadPicture | PictureRefusal> {
  const file = await fileBelow(root, path);
  if (file === undefined) return { refused: 'image-missing' };
  if (file.bytes > MOST_PICTURE_BYTES) return { refused: 'image-too-large' };
  const bytes = await readFile(file.path);
  const look = lookAt(bytes);
  if (look === undefined) return { refused: 'image-unreadable' };
  if (Math.max(look.width, look.height) > MOST_SIDE) return { refused: 'image-too-large' };
  return { ...look, bytes, digest: createHash('sha256').update(bytes).digest('hex') };
}

/** What bytes are as a picture; undefined for everything but PNG and JPEG with a size. */
export function lookAt(bytes: Buffer): PictureLook | undefined {
  if (bytes.length < FEWEST_BYTES) return undefined;
  if (bytes.subarray(0, 8).toString('hex') === '89504e470d0a1a0a') {
    const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
    return width === 0 || height === 0 ? undefined : { mime: 'image/png', ending: 'png', width, height };
  }
  const size = bytes.subarray(0, 3).toString('hex') === 'ffd8ff' ? sizeOfJpeg(bytes) : undefined;
  return size === undefined ? undefined : { mime: 'image/jpeg', ending: 'jpg', ...size };
}

/** Walks the segments to the frame header, which is where the size stands. */
function sizeOfJpeg(bytes: Buffer): { width: number; height: number } | undefined {
  for (let at = 2; at + 9 <= bytes.length; ) {
    if (bytes[at] !== 0xff) return undefined;
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xff || (marker >= 0xd0 && marker <= 0xd8)) {
      at += marker === 0xff ? 1 : 2;
      continue;
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) {
      const [height, width] = [bytes.readUInt16BE(at + 5), bytes.readUInt16BE(at + 7)];
      return width === 0 || height === 0 ? undefined : { width, height };
    }
    const length = bytes.readUInt16BE(at + 2);
    if (length < 2) return undefined;
    at += 2 + length;
  }
  return undefined;
}
