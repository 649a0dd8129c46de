import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { createApi } from './api.ts';
import { ChatList } from './ChatList.tsx';
import { ChatView } from './ChatView.tsx';
import { PeopleChooser } from './PeopleChooser.tsx';
import { Icon } from './parts.tsx';
import { ToastShelf, useToast } from './Toast.tsx';
import { catalogue, type Language, LanguageContext } from './text.ts';
import { ClockContext, times } from './times.ts';
import { useChats } from './use-chats.ts';
import { useClock } from './use-clock.ts';
import { useLive } from './use-live.ts';
import { useOutgoing } from './use-outgoing.ts';
import { useChosenLanguage, useOpenChat, usePerson } from './use-place.ts';

export function App() {
  const [language, setLanguage] = useChosenLanguage();
  return (
    <LanguageContext value={language}>
      <Messenger language={language} onLanguage={setLanguage} />
    </LanguageContext>
  );
}

/** Who listens to changes of the open chat. */
type Refresh = () => void;

function Messenger({
  language,
  onLanguage,
}: {
  language: Language;
  onLanguage: (language: Language) => void;
}) {
  const text = catalogue[language];
  const api = useMemo(() => createApi(language), [language]);
  const [person, setPerson] = usePerson();
  const [openChat, setOpenChat] = useOpenChat();
  const [choosing, setChoosing] = useState(false);
  const [toast, showToast] = useToast();
  const chats = useChats(api, person);
  const clock = useClock(api);
  const openRefresh = useRef<{ chatId: string; refresh: Refresh }>(undefined);

  const refreshOpen = useCallback((chatId?: string) => {
    const open = openRefresh.current;
    if (open !== undefined && (chatId === undefined || chatId === open.chatId)) open.refresh();
  }, []);
  const online = useLive(chats.answer === undefined ? undefined : person, (chatId) => {
    chats.refresh();
    refreshOpen(chatId);
    if (clock.shown.manualNow !== undefined) clock.refresh();
  });
  const { refresh: refreshChats } = chats;
  const onSent = useCallback(() => {
    refreshChats();
    refreshOpen();
  }, [refreshChats, refreshOpen]);
  const outgoing = useOutgoing(api, text, { onToast: showToast, onSent });

  const me = chats.answer?.me;
  const list = chats.answer?.chats ?? [];
  const unread = list.reduce((sum, chat) => sum + chat.unread, 0);
  useEffect(() => {
    document.title = unread > 0 ? `(${unread}) ${text.title}` : text.title;
  }, [unread, text]);

  const nobody = person === undefined || chats.unknown;
  const chat = list.find((one) => one.id === openChat) ?? (wide() ? list[0] : undefined);
  return (
    <ClockContext value={clock.shown}>
      {clock.shown.manualNow === undefined ? null : (
        <p className="strip clock-strip">
          <Icon name="clock" size={14} />
          {text.clock(times(language, clock.shown).full(clock.shown.manualNow))}
        </p>
      )}
      {online && !chats.failed ? null : (
        <p className="strip offline-strip" role="status">
          {text.offline}
        </p>
      )}
      <div className="shell" data-view={chat === undefined ? 'list' : 'chat'}>
        {me === undefined ? null : (
          <>
            <ChatList
              me={me}
              chats={list}
              open={chat?.id}
              onOpen={setOpenChat}
              onChoose={() => setChoosing(true)}
              onLanguage={() => onLanguage(language === 'en' ? 'zh-CN' : 'en')}
            />
            {chat === undefined ? (
              <main className="nothing">{text.pickChat}</main>
            ) : (
              <ChatView
                key={`${me.platformId} ${chat.id}`}
                api={api}
                me={me}
                chat={chat}
                outgoing={outgoing}
                showToast={showToast}
                onBack={() => setOpenChat(undefined)}
                onMount={(refresh) => {
                  openRefresh.current = { chatId: chat.id, refresh };
                }}
              />
            )}
          </>
        )}
      </div>
      {nobody || choosing ? (
        <PeopleChooser
          api={api}
          chosen={nobody ? undefined : person}
          unknown={chats.unknown ? person : undefined}
          onChoose={(platformId) => {
            setChoosing(false);
            if (platformId !== undefined) setPerson(platformId);
          }}
        />
      ) : null}
      <ToastShelf words={toast} />
    </ClockContext>
  );
}

/** On a laptop the first chat opens by itself; on a phone the list comes first. */
const wide = (): boolean => matchMedia('(width > 720px)').matches;
