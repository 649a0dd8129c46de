import type { MessageView } from '../../outbox/messages.api.ts';
import { ListTable } from '../ListTable.tsx';
import { useTexts } from '../language.ts';
import { useMay } from '../may.ts';
import { PageHead, Problem, Tag } from '../parts.tsx';
import { useTimes } from '../times.ts';
import { useSend } from '../use-send.ts';
import { useWorkTexts } from '../use-work-texts.ts';

const WAITING = ['planned', 'queued', 'sending', 'held'];

export default function MessagesPage() {
  const text = useTexts();
  const t = useWorkTexts();
  const times = useTimes();
  const may = useMay();
  const change = useSend();
  const waiting = ({ states }: MessageView) =>
    WAITING.reduce((sum, state) => sum + ((states as Record<string, number>)[state] ?? 0), 0);
  function act(id: string, deed: 'pause' | 'resume' | 'cancel'): void {
    const reason = deed === 'resume' ? '' : window.prompt(t.messages.ask);
    if (reason === null) return;
    change.mutate({ path: `/messages/${id}/${deed}`, body: deed === 'resume' ? {} : { reason } });
  }
  const control = {
    title: t.actions,
    cell: (message: MessageView) =>
      waiting(message) === 0 ? null : (
        <span className="buttons">
          {(message.paused ? (['resume', 'cancel'] as const) : (['pause', 'cancel'] as const)).map((deed) => (
            <button key={deed} type="button" className="plain-button" onClick={() => act(message.id, deed)}>
              {t.messages[deed]}
            </button>
          ))}
        </span>
      ),
  };
  return (
    <>
      <PageHead title={text.place.messages}>
        <p>{t.messages.about}</p>
      </PageHead>
      {change.error === null ? null : <Problem error={change.error} />}
      <ListTable<MessageView>
        path="/messages"
        none={t.none}
        keyOf={({ id }) => id}
        columns={[
          {
            title: t.time,
            cell: ({ createdAt }) => <span className="number">{times.short(createdAt)}</span>,
          },
          {
            title: t.messages.title,
            cell: ({ title, purpose }) => (
              <span className="wide">
                {title} <Tag>{text.purposes[purpose] ?? purpose}</Tag>
              </span>
            ),
          },
          {
            title: t.messages.progress,
            cell: (message) => (
              <span className="number">{t.messages.of(message.total - waiting(message), message.total)}</span>
            ),
          },
          {
            title: t.state,
            cell: ({ states, paused }) => (
              <span className="buttons">
                {paused ? <Tag tone="warm">{t.messages.paused}</Tag> : null}
                {Object.entries(states).map(([state, n]) => (
                  <Tag key={state}>
                    {text.states[state] ?? state} {n}
                  </Tag>
                ))}
              </span>
            ),
          },
          ...(may('deliveries.control') ? [control] : []),
        ]}
      />
    </>
  );
}
