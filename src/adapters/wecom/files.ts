import { readFile, realpath, stat } from 'node:fs/promises';
import { resolve, sep } from 'node:path';
import { FILE_BYTES } from './limits.ts';

/** A file below `root` as WeCom takes it, or why it does not. Nothing outside of `root` is read. */
export async function readForUpload(root: string, path: string): Promise<Buffer | string> {
  try {
    const [realRoot, realFile] = await Promise.all([realpath(root), realpath(resolve(root, path))]);
    if (!realFile.startsWith(realRoot + sep)) return 'file-missing';
    const { size } = await stat(realFile);
    if (size <= FILE_BYTES.moreThan) return 'file-too-small';
    if (size > FILE_BYTES.atMost) return 'file-too-large';
    return await readFile(realFile);
  } catch {
    return 'file-missing';
  }
}

/** The name that the client shows. Node writes it as raw UTF-8, which is what WeCom reads. */
export function uploadForm(bytes: Buffer, name: string, mime: string): FormData {
  const form = new FormData();
  const shown = name.replace(/["\\\r\n/]/g, '_');
  form.append('media', new Blob([new Uint8Array(bytes)], { type: mime }), shown);
  return form;
}
