import { type KeyboardEvent, useLayoutEffect, useRef, useState } from 'react';
import { BOT_NAME, MAX_ATTACHMENT_BYTES, MAX_TEXT_CHARACTERS } from '../limits.api.ts';
import type { Chat, DeedRequest } from '../sandbox.api.ts';
import { Icon } from './parts.tsx';
import { useTexts } from './text.ts';

/** What was typed and not sent, by chat, for coming back to it. */
const drafts = new Map<string, string>();
const MENTION = `@${BOT_NAME}`;

export function Composer(props: {
  chat: Chat;
  onSend: (payload: DeedRequest['payload']) => void;
  onProblem: (words: string) => void;
}) {
  const { chat, onSend } = props;
  const text = useTexts();
  const [draft, setDraft] = useState(drafts.get(chat.id) ?? '');
  const field = useRef<HTMLTextAreaElement>(null);
  const over = draft.length - MAX_TEXT_CHARACTERS;
  const group = chat.kind === 'group';
  const sendable = draft.trim() !== '' && over <= 0;

  const write = (words: string): void => {
    drafts.set(chat.id, words);
    setDraft(words);
  };
  const say = (words: string): void =>
    onSend({ kind: 'text', text: words, mention: words.includes(MENTION) });
  const sendDraft = (): void => {
    if (!sendable) return;
    say(draft.trim());
    write('');
  };
  const mention = (): void => {
    if (!draft.includes(MENTION)) write(`${MENTION} ${draft}`);
    field.current?.focus();
  };
  const attach = (file: File | undefined): void => {
    if (file === undefined) return;
    if (file.size > MAX_ATTACHMENT_BYTES) props.onProblem(text.fileTooLarge);
    else void contentOf(file).then(onSend);
  };

  useGrowing(field, draft);
  return (
    <footer className="composer">
      <div className="chips" role="group" aria-label={text.quickWords}>
        {group ? (
          <button type="button" className="chip mention-chip" onClick={mention} title={text.mentionBot}>
            {text.mention}
          </button>
        ) : null}
        {text.words.map((word) => (
          <button
            type="button"
            className="chip"
            key={word}
            onClick={() => say(group ? `${MENTION} ${word}` : word)}
          >
            {word}
          </button>
        ))}
      </div>
      <form
        className="write"
        onSubmit={(event) => {
          event.preventDefault();
          sendDraft();
        }}
      >
        <AttachButton onAttach={attach} />
        <textarea
          ref={field}
          rows={1}
          value={draft}
          placeholder={group ? text.writeGroup : text.write(chat.name)}
          aria-label={text.write(chat.name)}
          aria-invalid={over > 0}
          onChange={(event) => write(event.target.value)}
          onKeyDown={(event) => {
            if (!entersToSend(event)) return;
            event.preventDefault();
            sendDraft();
          }}
        />
        <button type="submit" className="icon-button send" aria-label={text.send} aria-disabled={!sendable}>
          <Icon name="send" size={20} />
        </button>
      </form>
      <p className="over" role="status">
        {over > 0 ? text.tooLong(over) : ''}
      </p>
    </footer>
  );
}

/** Enter sends, Shift+Enter breaks the line; Enter that ends the input of a Chinese word does neither. */
function entersToSend(event: KeyboardEvent): boolean {
  return event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing && event.keyCode !== 229;
}

/** The field grows with what is written, up to what its style allows. */
function useGrowing(field: React.RefObject<HTMLTextAreaElement | null>, draft: string): void {
  useLayoutEffect(() => {
    const shown = field.current;
    if (shown === null) return;
    shown.style.height = 'auto';
    shown.style.height = `${shown.scrollHeight}px`;
  }, [field, draft]);
}

function AttachButton({ onAttach }: { onAttach: (file: File | undefined) => void }) {
  const text = useTexts();
  return (
    <label className="icon-button attach" title={text.attach}>
      <Icon name="attach" size={20} />
      <input
        type="file"
        className="unseen"
        aria-label={text.attach}
        onChange={(event) => {
          onAttach(event.target.files?.[0]);
          event.target.value = '';
        }}
      />
    </label>
  );
}

async function contentOf(file: File): Promise<DeedRequest['payload']> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const base64 = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  return { kind: 'file', name: file.name, mime: file.type, base64 };
}
