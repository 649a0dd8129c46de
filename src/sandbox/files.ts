import { mkdir, realpath, stat, writeFile } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';

/** Where attachments of people lie below the file root. */
const ATTACHMENTS = 'sandbox';

/**
 * The real path of a file below `root`; `undefined` when there is none or when it lies elsewhere, also by way of
 * `..` or a symbolic link.
 */
export async function fileBelow(
  root: string,
  path: string,
): Promise<{ path: string; bytes: number } | undefined> {
  try {
    const [realRoot, realFile] = await Promise.all([realpath(root), realpath(resolve(root, path))]);
    if (!realFile.startsWith(realRoot + sep)) return undefined;
    const found = await stat(realFile);
    return found.isFile() ? { path: realFile, bytes: found.size } : undefined;
  } catch {
    return undefined;
  }
}

/** Keeps what a person attached; its name on disk is our id, never theirs. Answers the path below `root`. */
export async function keepAttachment(root: string, id: string, content: Buffer): Promise<string> {
  const path = join(ATTACHMENTS, id);
  await mkdir(join(root, ATTACHMENTS), { recursive: true });
  await writeFile(join(root, path), content, { mode: 0o600 });
  return path;
}

/** RFC 6266: an ASCII name for old clients and the real one in UTF-8. Always a download, never shown in the page. */
export function contentDisposition(name: string): string {
  const plain = name.replace(/[^\w.-]+/g, '_');
  const encoded = encodeURIComponent(name.replace(/\p{Cs}/gu, '_')).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}

/** A type that a header may carry, or the neutral one. */
export function safeMime(mime: string): string {
  return /^[\w.+-]+\/[\w.+-]+$/.test(mime) ? mime : 'application/octet-stream';
}
