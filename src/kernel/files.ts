import { realpath, stat } from 'node:fs/promises';
import { resolve, sep } from 'node:path';

/**
 * The real path of a file below `root`; `undefined` when there is none or when it lies elsewhere, also by way of
 * `..` or a symbolic link.
 */
export async function fileBelow(
  root: string,
  path: string,
): Promise<{ path: string; bytes: number; changedMs: number } | undefined> {
  try {
    const [realRoot, realFile] = await Promise.all([realpath(root), realpath(resolve(root, path))]);
    if (!realFile.startsWith(realRoot + sep)) return undefined;
    const found = await stat(realFile);
    return found.isFile() ? { path: realFile, bytes: found.size, changedMs: found.mtimeMs } : undefined;
  } catch {
    return undefined;
  }
}
