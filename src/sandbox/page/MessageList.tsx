import { Fragment, useRef } from 'react';
import type { Chat, Person, ShownMessage } from '../sandbox.api.ts';
import type { Press } from './CardView.tsx';
import { MessageItem, PendingItem } from './MessageItem.tsx';
import { Icon } from './parts.tsx';
import { summaryOf } from './summary.ts';
import { useTexts } from './text.ts';
import { useTimes } from './times.ts';
import type { Messages } from './use-messages.ts';
import type { Outgoing, OutgoingBox } from './use-outgoing.ts';
import { useReading } from './use-reading.ts';
import { useScroll } from './use-scroll.ts';

/** A pause after which the time is shown again. */
const PAUSE_MS = 5 * 60_000;

export function MessageList(props: {
  me: Person;
  chat: Chat;
  messages: Messages;
  pending: readonly Outgoing[];
  outgoing: OutgoingBox;
  onPress: (messageId: string, actionId: string, inputs: Record<string, string>) => Promise<void>;
  onRead: (messageId: string) => Promise<void>;
}) {
  const { me, chat, messages, pending, outgoing } = props;
  const text = useTexts();
  const { separator } = useTimes();
  const list = useRef<HTMLDivElement>(null);
  const items = messages.items ?? [];
  const scroll = useScroll(list, messages, pending.length, me.platformId);
  useReading(list, items, props.onRead);
  const newest = items.at(-1);

  return (
    <div className="messages-frame">
      <div
        className="messages"
        ref={list}
        onScroll={scroll.onScroll}
        // Scrolls by keyboard.
        tabIndex={0}
        role="region"
        aria-label={text.messageLog}
      >
        {messages.items === undefined ? null : (
          <p className="messages-start">
            {messages.more ? text.earlier : items.length > 0 ? text.beginning : ''}
          </p>
        )}
        {messages.items?.length === 0 && pending.length === 0 ? (
          <div className="messages-empty">
            <p>{text.noMessages}</p>
            {chat.kind === 'private' ? <p>{text.noMessagesHint}</p> : null}
          </div>
        ) : null}
        {items.map((message, index) => {
          const before = items[index - 1];
          const pause = before === undefined || gap(before, message) > PAUSE_MS;
          const divided = message.id === scroll.firstUnread;
          return (
            <Fragment key={message.id}>
              {pause ? <time className="separator">{separator(message.sentAt)}</time> : null}
              {divided ? <p className="divider">{text.newBelow}</p> : null}
              <MessageItem
                message={message}
                me={me}
                leads={
                  pause || divided || before.sender !== message.sender || before.content.kind === 'recalled'
                }
                named={chat.kind === 'group'}
                onPress={
                  ((button, inputs) => props.onPress(message.id, button.actionId, inputs)) satisfies Press
                }
              />
            </Fragment>
          );
        })}
        {pending.map((item) => (
          <PendingItem key={item.deed.key} item={item} me={me} outgoing={outgoing} />
        ))}
      </div>
      {scroll.away ? (
        <button type="button" className="to-newest" onClick={scroll.toNewest}>
          <Icon name="down" size={16} />
          {text.newMessages(scroll.unseen)}
        </button>
      ) : null}
      <p className="unseen" aria-live="polite">
        {newest === undefined || newest.sender === me.platformId || scroll.isFirst(newest.id)
          ? ''
          : text.arrived(newest.senderName, summaryOf(newest, text))}
      </p>
    </div>
  );
}

const gap = (earlier: ShownMessage, later: ShownMessage): number =>
  Date.parse(later.sentAt) - Date.parse(earlier.sentAt);
