import { createHash } from 'node:crypto';

/**
 * Our name of a message on DingTalk, from which it can be asked about and taken back. One call's key stands for all
 * its receivers, so the receiver is part of the name.
 */
export type MessageId =
  | { kind: 'robot'; processQueryKey: string; userId: string }
  | { kind: 'group'; processQueryKey: string; conversationId: string }
  | { kind: 'work'; taskId: string; userId: string }
  | { kind: 'card'; outTrackId: string }
  | { kind: 'session' };

export function nameOf(id: MessageId): string {
  switch (id.kind) {
    case 'robot':
      return `robot:${id.processQueryKey}:${id.userId}`;
    case 'group':
      return `group:${id.processQueryKey}:${id.conversationId}`;
    case 'work':
      return `work:${id.taskId}:${id.userId}`;
    case 'card':
      return `card:${id.outTrackId}`;
    case 'session':
      return 'session:reply';
  }
}

/** `undefined` for what is none of our names. */
export function messageIdIn(name: string): MessageId | undefined {
  const [, kind, first = '', rest] = /^(robot|group|work|card|session):([^:]+)(?::(.+))?$/s.exec(name) ?? [];
  if (kind === 'card' && rest === undefined) return { kind, outTrackId: first };
  if (kind === 'session') return { kind };
  if (rest === undefined) return undefined;
  if (kind === 'robot') return { kind, processQueryKey: first, userId: rest };
  if (kind === 'group') return { kind, processQueryKey: first, conversationId: rest };
  if (kind === 'work') return { kind, taskId: first, userId: rest };
  return undefined;
}

/** Names a card by its dispatch, in at most 64 characters: the same dispatch makes the same card only once. */
export const outTrackIdOf = (key: string): string =>
  `cuhuo-${createHash('sha256').update(key).digest('base64url')}`;
