import { fine, refused } from './replies.ts';
import { newSimId, type World } from './world.ts';

const CHUNK_BYTES = 512 * 1024;

/** Answers the three commands with which a file comes in chunks, in any order. */
export type Uploads = (cmd: string, body: Record<string, unknown>) => Record<string, unknown>;

export function createUploads(world: World): Uploads {
  const uploads = new Map<
    string,
    { type: string; name: string; total: number; chunks: Map<number, Buffer> }
  >();
  return (cmd, body) => {
    if (cmd === 'aibot_upload_media_init') {
      const total = Number(body['total_chunks']);
      if (!(total >= 1 && total <= 100)) return refused(846_611);
      const upload_id = newSimId();
      uploads.set(upload_id, {
        type: String(body['type']),
        name: String(body['filename']),
        total,
        chunks: new Map(),
      });
      return fine({ body: { upload_id } });
    }
    const upload = uploads.get(String(body['upload_id']));
    if (upload === undefined) return refused(846_612);
    if (cmd === 'aibot_upload_media_chunk') {
      const chunk = Buffer.from(String(body['base64_data']), 'base64');
      if (chunk.length > CHUNK_BYTES) return refused(846_614);
      upload.chunks.set(Number(body['chunk_index']), chunk);
      return fine();
    }
    if (upload.chunks.size !== upload.total) return refused(846_615);
    const bytes = Buffer.concat([...upload.chunks].sort(([a], [b]) => a - b).map(([, chunk]) => chunk));
    const media_id = newSimId();
    world.media.set(media_id, { name: upload.name, type: upload.type, bytes, madeAt: world.now() });
    return fine({
      body: { type: upload.type, media_id, created_at: String(Math.floor(world.now() / 1000)) },
    });
  };
}
