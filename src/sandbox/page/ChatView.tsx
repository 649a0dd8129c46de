import { useEffect, useMemo, useRef } from 'react';
import type { Chat, DeedRequest, Person } from '../sandbox.api.ts';
import { type Api, newKey, Refusal } from './api.ts';
import { Composer } from './Composer.tsx';
import { MessageList } from './MessageList.tsx';
import { Avatar, GroupAvatar, Icon } from './parts.tsx';
import { useTexts } from './text.ts';
import { useMessages } from './use-messages.ts';
import type { OutgoingBox } from './use-outgoing.ts';

/** The open chat: head, messages, and where one writes. Mounted anew for another chat or person. */
export function ChatView(props: {
  api: Api;
  me: Person;
  chat: Chat;
  outgoing: OutgoingBox;
  showToast: (words: string) => void;
  onBack: () => void;
  onMount: (refresh: () => void) => void;
}) {
  const { api, me, chat, outgoing, onMount } = props;
  const text = useTexts();
  const messages = useMessages(api, me.platformId, chat.id);
  const press = usePress(props, messages.showCard);

  const { refresh } = messages;
  useEffect(() => onMount(refresh), [onMount, refresh]);
  useEntered(api, me.platformId, chat);
  const pending = usePending(outgoing, me.platformId, chat.id, messages.items);

  return (
    <main className="chat">
      <header className="chat-head">
        <button type="button" className="icon-button back" onClick={props.onBack} aria-label={text.back}>
          <Icon name="back" size={22} />
        </button>
        {chat.kind === 'private' ? (
          <Avatar id="bot" name={chat.name} size={36} />
        ) : (
          <GroupAvatar id={chat.id} size={36} />
        )}
        <div>
          <h1>
            {chat.name}
            {chat.kind === 'private' ? <span className="badge">{text.bot}</span> : null}
          </h1>
          {chat.kind === 'group' ? <p>{text.members(chat.members)}</p> : null}
        </div>
      </header>
      <MessageList
        me={me}
        chat={chat}
        messages={messages}
        pending={pending}
        outgoing={outgoing}
        onPress={press}
        onRead={async (messageId) => {
          const payload = { kind: 'read' as const, messageId };
          await api.does({ as: me.platformId, chatId: chat.id, key: newKey(), payload });
        }}
      />
      <Composer
        chat={chat}
        onSend={(payload) => outgoing.send(me.platformId, chat.id, payload)}
        onProblem={props.showToast}
      />
    </main>
  );
}

/** A tap whose answer got lost keeps its key, so that pressing again is the same event. */
function usePress(
  { api, me, chat, showToast }: Parameters<typeof ChatView>[0],
  showCard: ReturnType<typeof useMessages>['showCard'],
) {
  const text = useTexts();
  const keys = useRef(new Map<string, string>());
  return async (messageId: string, actionId: string, inputs: Record<string, string>): Promise<void> => {
    const payload = { kind: 'action' as const, actionId, inputs, messageId };
    const same = JSON.stringify(payload);
    const key = keys.current.get(same) ?? newKey();
    keys.current.set(same, key);
    try {
      const { toast, card } = await api.does({ as: me.platformId, chatId: chat.id, key, payload });
      keys.current.delete(same);
      if (card !== undefined) showCard(messageId, card);
      if (toast !== undefined) showToast(toast);
    } catch (error) {
      showToast(error instanceof Refusal && error.status !== undefined ? error.message : text.networkDown);
    }
  };
}

const entered = new Set<string>();

/** Tells the bot, once a visit, that somebody opened its private chat. */
function useEntered(api: Api, as: string, chat: Chat): void {
  useEffect(() => {
    if (chat.kind !== 'private' || entered.has(as)) return;
    entered.add(as);
    const deed: DeedRequest = { as, chatId: chat.id, key: newKey(), payload: { kind: 'entered' } };
    api.does(deed).catch(() => entered.delete(as));
  }, [api, as, chat.id, chat.kind]);
}

/** What this chat does not show yet of what was written here; what it shows by now is let go. */
function usePending(
  { items, drop }: OutgoingBox,
  as: string,
  chatId: string,
  shown: ReturnType<typeof useMessages>['items'],
) {
  const keys = useMemo(() => new Set(shown?.map((message) => message.key)), [shown]);
  useEffect(() => {
    for (const { deed } of items) if (keys.has(deed.key)) drop(deed.key);
  }, [items, keys, drop]);
  return items.filter(({ deed }) => deed.as === as && deed.chatId === chatId && !keys.has(deed.key));
}
