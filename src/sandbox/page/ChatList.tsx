import type { Chat, Person } from '../sandbox.api.ts';
import { Avatar, GroupAvatar, Icon, RoleBadges } from './parts.tsx';
import { summaryOf } from './summary.ts';
import { useTexts } from './text.ts';
import { useTimes } from './times.ts';

/** The left column: who I am, and my chats. */
export function ChatList(props: {
  me: Person;
  chats: readonly Chat[];
  open: string | undefined;
  onOpen: (chatId: string) => void;
  onChoose: () => void;
  onLanguage: () => void;
}) {
  const { me, chats, open } = props;
  const text = useTexts();
  return (
    <aside className="side">
      <header className="side-head">
        <button type="button" className="me" onClick={props.onChoose} aria-label={text.iAm(me.name)}>
          <Avatar id={me.platformId} name={me.name} />
          <span className="person-words">
            <span className="person-name">
              {me.name}
              <RoleBadges roles={me.roles} />
            </span>
            <span className="person-place">{[me.department, me.platformId].filter(Boolean).join(' · ')}</span>
          </span>
          <Icon name="down" />
        </button>
      </header>
      <nav className="chats" aria-label={text.chats}>
        <ul>
          {chats.map((chat) => (
            <li key={chat.id}>
              <ChatRow chat={chat} me={me} open={chat.id === open} onOpen={() => props.onOpen(chat.id)} />
            </li>
          ))}
        </ul>
      </nav>
      <footer className="side-foot">
        <span>{text.title}</span>
        <button
          type="button"
          className="quiet"
          onClick={props.onLanguage}
          lang={text.language === '中文' ? 'zh' : 'en'}
        >
          {text.language}
        </button>
      </footer>
    </aside>
  );
}

function ChatRow({ chat, me, open, onOpen }: { chat: Chat; me: Person; open: boolean; onOpen: () => void }) {
  const text = useTexts();
  const { short } = useTimes();
  const { last } = chat;
  const prefix =
    last !== null && chat.kind === 'group' && last.sender !== me.platformId ? `${last.senderName}: ` : '';
  return (
    <button type="button" className="chat-row" aria-current={open ? 'page' : undefined} onClick={onOpen}>
      {chat.kind === 'private' ? (
        <Avatar id="bot" name={chat.name} size={44} />
      ) : (
        <GroupAvatar id={chat.id} size={44} />
      )}
      <span className="chat-words">
        <span className="chat-line">
          <span className="chat-name">
            {chat.name}
            {chat.kind === 'private' ? <span className="badge">{text.bot}</span> : null}
          </span>
          {last === null ? null : <time dateTime={last.sentAt}>{short(last.sentAt)}</time>}
        </span>
        <span className="chat-line">
          <span className="chat-last">
            {last === null ? text.noMessages : prefix + summaryOf(last, text)}
          </span>
          {chat.unread === 0 ? null : (
            <span className="unread">
              <span aria-hidden="true">{chat.unread > 99 ? '99+' : chat.unread}</span>
              <span className="unseen">{text.unread(chat.unread)}</span>
            </span>
          )}
        </span>
      </span>
    </button>
  );
}
