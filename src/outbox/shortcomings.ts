import type { ChannelAdapter, Shortcoming } from '../chat/adapter.ts';
import type { Channel } from '../chat/event.ts';
import type { Address, Message } from '../chat/message.ts';
import type { Recipient } from './outbox.ts';
import { plainMessage } from './sealing.ts';

export interface ShortcomingOn extends Shortcoming {
  channel: Channel;
  place: Address['kind'];
}

/**
 * What these recipients would not see as it was written, each once per channel and place. People of an account all see
 * the same; what a group sees depends on how it is reached.
 */
export function shortcomingsOf(
  adapters: readonly ChannelAdapter[],
  content: Message,
  recipients: readonly Recipient[],
): ShortcomingOn[] {
  const message = plainMessage(content);
  const found = new Map<string, ShortcomingOn>();
  for (const { channel, account, preview } of adapters) {
    if (preview === undefined) continue;
    const here = recipients.flatMap(({ address, kind }): Address[] => {
      if (address?.channel !== channel || address.account !== account) return [];
      const { platformId } = address;
      return [kind === 'group' ? { kind, chatId: platformId } : { kind: 'person', platformId }];
    });
    const [somebody] = here.filter(({ kind }) => kind === 'person');
    const groups = here.filter(({ kind }) => kind === 'group');
    for (const to of somebody === undefined ? groups : [somebody, ...groups]) {
      for (const one of preview(message, to))
        found.set(`${channel} ${to.kind} ${one.kind} ${one.what}`, { channel, place: to.kind, ...one });
    }
  }
  return [...found.values()];
}
