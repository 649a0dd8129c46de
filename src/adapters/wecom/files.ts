import { readFile } from 'node:fs/promises';
import { fileBelow } from '../../kernel/files.ts';
import { FILE_BYTES } from './limits.ts';

/** A file below `root` as WeCom takes it, or why it does not. Nothing outside of `root` is read. */
export async function readForUpload(root: string, path: string): Promise<Buffer | string> {
  const found = await fileBelow(root, path);
  if (found === undefined) return 'file-missing';
  if (found.bytes <= FILE_BYTES.moreThan) return 'file-too-small';
  if (found.bytes > FILE_BYTES.atMost) return 'file-too-large';
  return await readFile(found.path).catch(() => 'file-missing');
}

/** The name that the client shows. Node writes it as raw UTF-8, which is what WeCom reads. */
export function uploadForm(bytes: Buffer, name: string, mime: string): FormData {
  const form = new FormData();
  const shown = name.replace(/["\\\r\n/]/g, '_');
  form.append('media', new Blob([new Uint8Array(bytes)], { type: mime }), shown);
  return form;
}
