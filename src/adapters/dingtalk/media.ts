import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { SealedMessage } from '../../chat/message.ts';
import { withoutDoubt } from '../../kernel/errors.ts';
import { fileBelow } from '../../kernel/files.ts';
import { type DingtalkClient, type Meter, parse } from './client.ts';

type FileMessage = Extract<SealedMessage, { kind: 'file' }>;

/** A file that the platform keeps for us, or why it cannot. */
export type Uploaded = { mediaId: string; fileType: string } | { refused: string };

/** What a robot's file message takes. D:robot-message-type, page of 2026-05-15. */
const TYPES = ['xlsx', 'pdf', 'zip', 'rar', 'doc', 'docx'];
/** D:upload-media-files, page of 2026-06-01. */
const MOST_BYTES = 20_000_000;
const UPLOAD_TIMEOUT_MS = 25_000;
/** How many uploads are remembered, so that a file to many people goes up once. */
const MOST_KNOWN = 200;

const answer = z.object({ media_id: z.string().min(1) });

/** Uploads files below `fileRoot`. A media id has no documented end and is used again for the same file. */
export function createUploads(deps: { client: DingtalkClient; fileRoot: string; meter: Meter }) {
  const known = new Map<string, Promise<string>>();

  async function upload(path: string, name: string): Promise<string> {
    deps.meter('media/upload');
    const form = new FormData();
    form.append('media', new Blob([await readFile(path)]), name);
    const json = await deps.client
      .oapi({
        method: 'POST',
        path: '/media/upload',
        query: { type: 'file' },
        body: form,
        timeoutMs: UPLOAD_TIMEOUT_MS,
      })
      .catch(withoutDoubt);
    return parse(answer, { json }, '/media/upload').media_id;
  }

  return async (file: FileMessage): Promise<Uploaded> => {
    const fileType = file.name.split('.').at(-1)?.toLowerCase() ?? '';
    if (!TYPES.includes(fileType)) return { refused: 'file-type' };
    const found = await fileBelow(deps.fileRoot, file.path);
    if (found === undefined) return { refused: 'file-missing' };
    if (found.bytes > MOST_BYTES || found.bytes === 0) return { refused: 'file-size' };
    const key = `${found.path} ${found.bytes} ${found.changedMs} ${file.name}`;
    let mediaId = known.get(key);
    if (mediaId === undefined) {
      mediaId = upload(found.path, file.name);
      known.set(key, mediaId);
      mediaId.catch(() => known.delete(key));
      const [oldest] = known.keys();
      if (known.size > MOST_KNOWN && oldest !== undefined) known.delete(oldest);
    }
    return { mediaId: await mediaId, fileType };
  };
}
