import { memo } from 'react';
import type { Person, ShownMessage } from '../sandbox.api.ts';
import { fileAddress, pictureAddress } from './api.ts';
import { CardView, type Press } from './CardView.tsx';
import { Avatar, Icon } from './parts.tsx';
import { useTexts } from './text.ts';
import { useTimes } from './times.ts';
import type { Outgoing, OutgoingBox } from './use-outgoing.ts';

interface ItemProps {
  message: ShownMessage;
  me: Person;
  /** The first of a run by one sender: it shows the avatar. */
  leads: boolean;
  /** Whether to say who it is, as groups do. */
  named: boolean;
  onPress: Press;
}

export function MessageItem({ message, me, leads, named, onPress }: ItemProps) {
  const text = useTexts();
  const { time } = useTimes();
  const own = message.sender === me.platformId;
  if (message.content.kind === 'recalled') {
    return <p className="recalled">{text.recalled(own ? text.you : message.senderName)}</p>;
  }
  return (
    <div
      className="message"
      data-own={own}
      data-leads={leads}
      data-unread={own || message.read ? undefined : message.id}
    >
      {leads ? (
        <Avatar id={message.sender} name={message.senderName} size={36} />
      ) : (
        <span className="no-avatar" />
      )}
      <div className="message-body">
        {leads && named && !own ? <p className="message-name">{message.senderName}</p> : null}
        <div className="message-line">
          <Content message={message} me={me} onPress={onPress} />
          <span className="message-state">
            <time dateTime={message.sentAt}>{time(message.sentAt)}</time>
            {own ? (
              <span role="img" aria-label={text.sent} title={text.sent}>
                <Icon name="check" size={14} />
              </span>
            ) : null}
          </span>
        </div>
      </div>
    </div>
  );
}

function Content({ message, me, onPress }: Pick<ItemProps, 'message' | 'me' | 'onPress'>) {
  const { content, id } = message;
  switch (content.kind) {
    case 'text':
      return <Bubble text={content.text} />;
    case 'card':
      return (
        <CardView
          id={`m${id}`}
          card={content.card}
          pictureAt={(name) => pictureAddress(id, me.platformId, name)}
          onPress={onPress}
        />
      );
    case 'image':
      return (
        <img className="picture" src={pictureAddress(id, me.platformId, content.name)} alt={content.alt} />
      );
    case 'file':
      return (
        <FileBubble name={content.name} bytes={content.bytes} address={fileAddress(id, me.platformId)} />
      );
    case 'recalled':
      return null;
  }
}

/** Addresses become links, a mention stands out; the rest is shown as typed. */
const Bubble = memo(function Bubble({ text }: { text: string }) {
  const parts = text.split(/(https?:\/\/[^\s<>"']+|@促活)/g);
  return (
    <p className="bubble">
      {parts.map((part, index) => {
        if (index % 2 === 0) return part;
        if (part.startsWith('@'))
          return (
            <span className="mention" key={index}>
              {part}
            </span>
          );
        return (
          <a href={part} target="_blank" rel="noopener noreferrer" key={index}>
            {part}
          </a>
        );
      })}
    </p>
  );
});

function FileBubble({ name, bytes, address }: { name: string; bytes: number; address: string | undefined }) {
  const text = useTexts();
  const words = (
    <>
      <span className="file-icon">
        <Icon name="file" size={22} />
        <span>{extensionOf(name)}</span>
      </span>
      <span className="file-words">
        <span className="file-name">{name}</span>
        <span className="file-size">{sizeOf(bytes)}</span>
      </span>
    </>
  );
  if (address === undefined) return <span className="file">{words}</span>;
  return (
    <a className="file" href={address} download={name} aria-label={text.download(name)}>
      {words}
      <Icon name="download" />
    </a>
  );
}

const extensionOf = (name: string): string => (/\.(\w{1,4})$/.exec(name)?.[1] ?? '').toUpperCase();

function sizeOf(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${(bytes / 1000).toFixed(1)} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** What the person wrote and the server has not confirmed; when it failed, it waits here with its words. */
export function PendingItem({ item, me, outgoing }: { item: Outgoing; me: Person; outgoing: OutgoingBox }) {
  const text = useTexts();
  const { payload } = item.deed;
  return (
    <div className="message" data-own data-leads data-state={item.state}>
      <Avatar id={me.platformId} name={me.name} size={36} />
      <div className="message-body">
        <div className="message-line">
          {payload.kind === 'text' ? <Bubble text={payload.text} /> : null}
          {payload.kind === 'file' ? (
            <FileBubble
              name={payload.name}
              bytes={Math.floor(payload.base64.length * 0.75)}
              address={undefined}
            />
          ) : null}
          {item.state === 'sending' ? (
            <span className="message-state" role="img" aria-label={text.sending}>
              <span className="spinner" />
            </span>
          ) : null}
        </div>
        {item.state === 'failed' ? (
          <p className="failed" role="alert">
            <Icon name="warn" size={14} />
            {item.reason ?? text.failed}
            <button type="button" onClick={() => outgoing.retry(item.deed)}>
              {text.retry}
            </button>
            <button type="button" onClick={() => outgoing.drop(item.deed.key)}>
              {text.discard}
            </button>
          </p>
        ) : null}
      </div>
    </div>
  );
}
