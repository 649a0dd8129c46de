import { ok, refuse, type SimAnswer, type SimRequest, wordIn } from './answers.ts';
import { newKey, type World } from './world.ts';

const FILE_BYTES = 30_000_000;
const IMAGE_BYTES = 10_000_000;
const FILE_TYPES = ['opus', 'mp4', 'pdf', 'doc', 'xls', 'ppt', 'stream'];

/** First bytes of PNG, JPEG, GIF, BMP, WEBP, TIFF and ICO. */
const IMAGES = ['89504e47', 'ffd8ff', '47494638', '424d', '52494646', '49492a00', '4d4d002a', '00000100'];

const isImage = (bytes: Buffer): boolean =>
  IMAGES.some((start) => bytes.subarray(0, 8).toString('hex').startsWith(start));

export function fileApi(world: World) {
  async function form({ headers, body }: SimRequest): Promise<FormData | undefined> {
    const type = headers['content-type'] ?? '';
    if (!type.startsWith('multipart/form-data')) return undefined;
    return new Response(new Uint8Array(body), { headers: { 'content-type': type } })
      .formData()
      .catch(() => undefined);
  }

  async function take(request: SimRequest, kind: 'file' | 'image', most: number): Promise<SimAnswer> {
    const fields = await form(request);
    const part = fields?.get(kind);
    const type = wordIn(fields?.get(`${kind}_type`) ?? '');
    const name = wordIn(fields?.get('file_name') ?? 'image');
    if (part === null || part === undefined) return refuse(234001, 'Invalid request param.');
    if (kind === 'file' && (!FILE_TYPES.includes(type) || !fields?.has('file_name'))) {
      return refuse(234001, 'Invalid request param.');
    }
    if (kind === 'image' && type !== 'message' && type !== 'avatar')
      return refuse(234001, 'Invalid request param.');
    // A part without a filename arrives as text.
    const bytes = typeof part === 'string' ? Buffer.from(part) : Buffer.from(await part.arrayBuffer());
    if (bytes.length === 0) return refuse(234010, 'File size can not be 0.');
    if (bytes.length > most) return refuse(234006, 'The file size exceed the max value.');
    if (kind === 'image' && !isImage(bytes)) return refuse(234011, "Can't recognize the image format.");
    const key = newKey(kind === 'file' ? 'file_v3_' : 'img_v3_');
    world.files.set(key, { name, bytes, kind, type });
    return ok(kind === 'file' ? { file_key: key } : { image_key: key });
  }

  return {
    file: (request: SimRequest) => take(request, 'file', FILE_BYTES),
    image: (request: SimRequest) => take(request, 'image', IMAGE_BYTES),
  };
}
