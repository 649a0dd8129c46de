import { fine, refused, type SimReply } from './replies.ts';
import { newSimId, type World } from './world.ts';

const MB = 1024 * 1024;
const MOST: Record<string, number> = { image: 10 * MB, voice: 2 * MB, video: 10 * MB, file: 20 * MB };
const LIFE_MS = 3 * 86_400_000;
/** What is not larger than this is no file. */
const TOO_SMALL = 5;

/** Takes a multipart upload; `webhook` names the group push that alone may use it. */
export async function upload(
  world: World,
  raw: Buffer,
  contentType: string,
  type: string,
  webhook?: string,
): Promise<Record<string, unknown>> {
  const most = MOST[type];
  if (most === undefined) return refused(40_004);
  const form = await new Response(new Uint8Array(raw), { headers: { 'content-type': contentType } })
    .formData()
    .catch(() => undefined);
  const part = form?.get('media');
  if (!(part instanceof File)) return refused(44_001);
  const bytes = Buffer.from(await part.arrayBuffer());
  if (bytes.length <= TOO_SMALL) return refused(40_006);
  if (bytes.length > most) return refused(45_001);
  if (type === 'image' && !isImage(bytes)) return refused(40_009);
  const media_id = newSimId();
  world.media.set(media_id, {
    name: part.name,
    type,
    bytes,
    madeAt: world.now(),
    ...(webhook === undefined ? {} : { webhook }),
  });
  return fine({
    errmsg: '',
    type,
    media_id,
    created_at: String(Math.floor(world.now() / 1000)),
  });
}

const isImage = (bytes: Buffer): boolean =>
  ['89504e47', 'ffd8ff'].some((start) => bytes.subarray(0, 4).toString('hex').startsWith(start));

const MOST_PERMANENT_BYTES = 2 * MB;
/** Pictures at permanent addresses that a corporation may upload. */
const MOST_A_DAY = 1_000;

/** `media/uploadimg`: a picture for ever, at an address. */
export async function uploadPicture(
  world: World,
  raw: Buffer,
  contentType: string,
): Promise<Record<string, unknown>> {
  const form = await new Response(new Uint8Array(raw), { headers: { 'content-type': contentType } })
    .formData()
    .catch(() => undefined);
  const part = form?.get('media');
  if (!(part instanceof File)) return refused(44_001);
  const bytes = Buffer.from(await part.arrayBuffer());
  if (bytes.length <= TOO_SMALL) return refused(40_006);
  if (bytes.length > MOST_PERMANENT_BYTES) return refused(45_001);
  if (!isImage(bytes)) return refused(40_009);
  if (world.pictures.size >= MOST_A_DAY) return refused(45_009);
  const url = `https://wework.invalid/pic/${newSimId()}/0`;
  world.pictures.set(url, bytes);
  return fine({ errmsg: '', url });
}

export function download(world: World, mediaId: string | null): SimReply {
  const media = world.media.get(mediaId ?? '');
  if (media === undefined || world.now() - media.madeAt > LIFE_MS) return refused(40_007);
  return {
    raw: media.bytes,
    headers: { 'content-disposition': `attachment; filename="${encodeURIComponent(media.name)}"` },
  };
}
