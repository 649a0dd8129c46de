import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Where attachments of people lie below the file root. */
const ATTACHMENTS = 'sandbox';

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
