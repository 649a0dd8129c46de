/** Pictures and files that an entry may carry: the ending and its type. */
export const attachmentTypes = {
  png: 'image/png',
  jpg: 'image/jpeg',
  pdf: 'application/pdf',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  zip: 'application/zip',
} as const;
export type AttachmentEnding = keyof typeof attachmentTypes;

/** By the name: what a system calls a ZIP or an old browser a DOCX differs. */
export function typeOf(name: string): string {
  const ending = name.slice(name.lastIndexOf('.') + 1).toLowerCase();
  const known = ending === 'jpeg' ? 'jpg' : ending;
  return Object.hasOwn(attachmentTypes, known)
    ? attachmentTypes[known as AttachmentEnding]
    : 'application/octet-stream';
}

export const isPicture = (file: string): boolean => /\.(?:png|jpg)$/.test(file);
export const LARGEST_ATTACHMENT_BYTES = 10 * 1024 * 1024;
