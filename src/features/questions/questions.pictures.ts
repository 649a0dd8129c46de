import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newId } from '../../kernel/ids.ts';

const FOLDER = 'pictures';
export const LARGEST_PICTURE_BYTES = 1024 * 1024;

/** The pictures of questions, under names that follow from their content. */
export interface Pictures {
  /** Keeps a PNG or JPEG of at most 1 MB and answers its name; undefined for anything else. */
  keep(bytes: Buffer): string | undefined;
  bytesOf(name: string): Buffer | undefined;
  /** As file messages name it: below the root that senders read from. */
  pathOf(name: string): string;
}

export function pictures({ fileRoot }: { fileRoot: string }): Pictures {
  const folder = join(fileRoot, FOLDER);
  return {
    keep(bytes) {
      const ending = endingOf(bytes);
      if (ending === undefined || bytes.length > LARGEST_PICTURE_BYTES) return undefined;
      const name = `${createHash('sha256').update(bytes).digest('hex').slice(0, 32)}.${ending}`;
      if (existsSync(join(folder, name))) return name;
      mkdirSync(folder, { recursive: true });
      const draft = join(folder, `${newId()}.part`);
      writeFileSync(draft, bytes, { mode: 0o600 });
      renameSync(draft, join(folder, name));
      return name;
    },
    bytesOf: (name) => (existsSync(join(folder, name)) ? readFileSync(join(folder, name)) : undefined),
    pathOf: (name) => `${FOLDER}/${name}`,
  };
}

function endingOf(bytes: Buffer): 'png' | 'jpg' | undefined {
  const start = bytes.subarray(0, 8).toString('hex');
  if (start === '89504e470d0a1a0a') return 'png';
  return start.startsWith('ffd8ff') ? 'jpg' : undefined;
}
