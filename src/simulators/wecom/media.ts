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

export function download(world: World, mediaId: string | null): SimReply {
  const media = world.media.get(mediaId ?? '');
  if (media === undefined || world.now() - media.madeAt > LIFE_MS) return refused(40_007);
  return {
    raw: media.bytes,
    headers: { 'content-disposition': `attachment; filename="${encodeURIComponent(media.name)}"` },
  };
}
