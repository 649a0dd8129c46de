import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Picture } from '../../chat/message.ts';
import { lookAt } from '../../chat/pictures.ts';
import { newId } from '../../kernel/ids.ts';
import type { QuestionContent } from './questions.schema.ts';

const FOLDER = 'pictures';
export const LARGEST_PICTURE_BYTES = 1024 * 1024;

/** The pictures of questions, under names that follow from their content. */
export interface Pictures {
  /** Keeps a PNG or JPEG of at most 1 MB and answers its name; undefined for anything else. */
  keep(bytes: Buffer): string | undefined;
  bytesOf(name: string): Buffer | undefined;
}

export function pictures({ fileRoot }: { fileRoot: string }): Pictures {
  const folder = join(fileRoot, FOLDER);
  return {
    keep(bytes) {
      const look = bytes.length > LARGEST_PICTURE_BYTES ? undefined : lookAt(bytes);
      if (look === undefined) return undefined;
      const name = `${createHash('sha256').update(bytes).digest('hex').slice(0, 32)}.${look.ending}`;
      if (existsSync(join(folder, name))) return name;
      mkdirSync(folder, { recursive: true });
      const draft = join(folder, `${newId()}.part`);
      writeFileSync(draft, bytes, { mode: 0o600 });
      renameSync(draft, join(folder, name));
      return name;
    },
    bytesOf: (name) => (existsSync(join(folder, name)) ? readFileSync(join(folder, name)) : undefined),
  };
}

/** The picture of a question as cards name it: below the root that senders read from. */
export function pictureOf({ picture, text }: Pick<QuestionContent, 'picture' | 'text'>): Picture | undefined {
  return picture === undefined ? undefined : { path: `${FOLDER}/${picture}`, alt: text.slice(0, MOST_ALT) };
}

const MOST_ALT = 200;
