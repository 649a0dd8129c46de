import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Message } from '../../chat/message.ts';
import { lookAt, MOST_PICTURE_BYTES } from '../../chat/pictures.ts';
import { newId } from '../../kernel/ids.ts';
import {
  type AttachmentEnding,
  attachmentTypes,
  isPicture,
  LARGEST_ATTACHMENT_BYTES,
  typeOf,
} from './faq.files.api.ts';
import type { Attachment } from './faq.tables.ts';

const FOLDER = 'faq';

/** The pictures and files of entries, under names that follow from their content: the same file twice is kept once. */
export interface FaqFiles {
  /** Undefined when the bytes are not what the type says, or too many. */
  keep(bytes: Buffer, type: string): string | undefined;
  bytesOf(file: string): Buffer | undefined;
  has(file: string): boolean;
  /** What the sender sends; nothing for a file that is not here. */
  messagesOf(attachments: readonly Attachment[]): Message[];
}

export function faqFiles({ fileRoot }: { fileRoot: string }): FaqFiles {
  const pathOf = (file: string) => join(fileRoot, FOLDER, file);
  const has = (file: string) => existsSync(pathOf(file));
  return {
    has,
    keep(bytes, type) {
      const ending = endingOf(type);
      if (ending === undefined || bytes.length > LARGEST_ATTACHMENT_BYTES || !begins(bytes, ending))
        return undefined;
      const file = `${createHash('sha256').update(bytes).digest('hex').slice(0, 32)}.${ending}`;
      if (isPicture(file) && lookAt(bytes) === undefined) return undefined;
      if (has(file)) return file;
      mkdirSync(join(fileRoot, FOLDER), { recursive: true });
      // Whoever looks sees all of it or nothing.
      const draft = pathOf(`${newId()}.part`);
      writeFileSync(draft, bytes, { mode: 0o600 });
      renameSync(draft, pathOf(file));
      return file;
    },
    bytesOf: (file) => (has(file) ? readFileSync(pathOf(file)) : undefined),
    messagesOf: (attachments) =>
      attachments
        .filter(({ file }) => has(file))
        .map(({ name, file }): Message => {
          const path = `${FOLDER}/${file}`;
          const bytes = statSync(pathOf(file)).size;
          // A picture is seen at once; DingTalk takes none as a file.
          return isPicture(file) && bytes <= MOST_PICTURE_BYTES
            ? { kind: 'image', path, alt: name }
            : { kind: 'file', name, mime: typeOf(file), path, bytes };
        }),
  };
}

function endingOf(type: string): AttachmentEnding | undefined {
  const plain = type.split(';')[0]?.trim().toLowerCase();
  return (Object.keys(attachmentTypes) as AttachmentEnding[]).find((one) => attachmentTypes[one] === plain);
}

/** How each kind of file begins; office files are ZIP archives. */
const STARTS: Record<AttachmentEnding, string> = {
  png: '89504e470d0a1a0a',
  jpg: 'ffd8ff',
  pdf: '255044462d',
  docx: '504b0304',
  xlsx: '504b0304',
  pptx: '504b0304',
  zip: '504b0304',
};

function begins(bytes: Buffer, ending: AttachmentEnding): boolean {
  return bytes.subarray(0, 8).toString('hex').startsWith(STARTS[ending]);
}
