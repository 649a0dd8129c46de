import { ok, refuse, type SimAnswer, type SimRequest } from './answers.ts';
import { newKey, type World } from './world.ts';

const FILE_BYTES = 30_000_000;
const IMAGE_BYTES = 10_000_000;
const FILE_TYPES = ['opus', 'mp4', 'pdf', 'doc', 'xls', 'ppt', 'stream'];

/** The parts of a multipart body by name, as bytes: the official client gives files without a filename. */
function partsOf({ headers, body }: SimRequest): Map<string, Buffer> | undefined {
  const boundary = /^multipart\/form-data;.*boundary="?([^";]+)/.exec(headers['content-type'] ?? '')?.[1];
  if (boundary === undefined) return undefined;
  const parts = new Map<string, Buffer>();
  const line = Buffer.from(`--${boundary}`);
  for (let at = body.indexOf(line); at !== -1; ) {
    const next = body.indexOf(line, at + line.length);
    if (next === -1) break;
    const part = body.subarray(at + line.length + 2, next - 2);
    const end = part.indexOf('\r\n\r\n');
    const name = /[; ]name="([^"]*)"/.exec(part.subarray(0, Math.max(0, end)).toString('utf8'))?.[1];
    if (end !== -1 && name !== undefined) parts.set(name, part.subarray(end + 4));
    at = next;
  }
  return parts;
}

/** First bytes of PNG, JPEG, GIF, BMP, WEBP, TIFF and ICO. */
const IMAGES = ['89504e47', 'ffd8ff', '47494638', '424d', '52494646', '49492a00', '4d4d002a', '00000100'];

const isImage = (bytes: Buffer): boolean =>
  IMAGES.some((start) => bytes.subarray(0, 8).toString('hex').startsWith(start));

export function fileApi(world: World) {
  function take(request: SimRequest, kind: 'file' | 'image', most: number): SimAnswer {
    const fields = partsOf(request);
    const bytes = fields?.get(kind);
    const type = fields?.get(`${kind}_type`)?.toString('utf8') ?? '';
    const name = fields?.get('file_name')?.toString('utf8') ?? 'image';
    if (bytes === undefined) return refuse(234001, 'Invalid request param.');
    if (kind === 'file' && (!FILE_TYPES.includes(type) || !fields?.has('file_name'))) {
      return refuse(234001, 'Invalid request param.');
    }
    if (kind === 'image' && type !== 'message' && type !== 'avatar')
      return refuse(234001, 'Invalid request param.');
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
