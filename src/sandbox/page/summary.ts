import type { ShownMessage } from '../sandbox.api.ts';
import type { Texts } from './text.ts';

/** A message in one line, for the list of chats and for screen readers. */
export function summaryOf({ content, senderName }: ShownMessage, text: Texts): string {
  switch (content.kind) {
    case 'text':
      return content.text;
    case 'card':
      return `[${text.card}] ${content.card.title}`;
    case 'file':
      return `[${text.file}] ${content.name}`;
    case 'image':
      return `[${text.picture}] ${content.alt}`;
    case 'recalled':
      return text.recalled(senderName);
  }
}
