import type { Shortcoming } from './adapter.ts';
import type { Channel } from './event.ts';

/** A message as one platform shows it, read back from what would be sent there. */
export interface Look {
  channel: Exclude<Channel, 'sandbox'>;
  /** What carries it there: `interactive`, `template_card`, `markdown`, `card-template`. */
  form: string;
  title: string;
  /** Markdown. */
  body: string;
  buttons: string[];
  shortcomings: Shortcoming[];
}
