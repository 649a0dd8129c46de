import { Button, Checkbox, Input } from 'antd';
import { useState } from 'react';
import type { FaqEntryView } from '../../features/faq/faq.api.ts';
import { useMay } from '../may.ts';
import { Problem } from '../parts.tsx';
import { Markdown } from '../tips/Markdown.tsx';
import { useSend } from '../use-send.ts';
import { Attachments } from './Attachments.tsx';
import { type Draft, draftOf, fileIn, shownAnswer } from './entry.draft.ts';
import { useFaqTexts } from './faq.text.ts';
import { History } from './History.tsx';

interface Put {
  outcome: 'created' | 'updated' | 'unchanged';
  entry: FaqEntryView;
}

/** Writes one entry, and shows beside the words how its card will look. */
export function EntryEditor({
  entry,
  onChoose,
}: {
  entry: FaqEntryView | undefined;
  onChoose: (id: string | undefined) => void;
}) {
  const t = useFaqTexts();
  const may = useMay()('faq.write');
  const [draft, setDraft] = useState<Draft>(draftOf(entry));
  const put = useSend<Put>();
  const retire = useSend<FaqEntryView>();
  const shown = shownAnswer(draft);
  const address = `/faq/entries/${encodeURIComponent(draft.id.trim())}`;
  const set =
    (name: Exclude<keyof Draft, 'attachments' | 'reviewed' | 'active'>) =>
    (event: { target: { value: string } }): void =>
      setDraft({ ...draft, [name]: event.target.value });
  const save = (): void =>
    put.mutate(
      { method: 'PUT', path: address, body: fileIn(draft) },
      {
        onSuccess(done) {
          if (entry === undefined) onChoose(done.entry.id);
        },
      },
    );
  const line = (name: 'id' | 'question' | 'tags' | 'version' | 'departments', most: number) => (
    <label className="labelled">
      <span>{t.fields[name]}</span>
      <Input
        value={draft[name]}
        maxLength={most}
        disabled={!may || (name === 'id' && entry !== undefined)}
        onChange={set(name)}
      />
    </label>
  );
  const day = (name: 'validFrom' | 'validUntil') => (
    <label className="labelled">
      <span>{t.fields[name]}</span>
      <Input type="date" value={draft[name]} disabled={!may} onChange={set(name)} />
    </label>
  );
  return (
    <form
      className="faq-form"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <article className="faq-card" aria-label={t.preview}>
        <h2>{draft.question || '…'}</h2>
        {shown === '' ? <p className="muted">{t.noAnswer}</p> : <Markdown text={shown} />}
      </article>
      {line('id', 100)}
      {line('question', 300)}
      <label className="labelled">
        <span>{t.fields.similar}</span>
        <Input.TextArea
          value={draft.similar}
          autoSize={{ minRows: 4, maxRows: 12 }}
          disabled={!may}
          onChange={set('similar')}
        />
      </label>
      <label className="labelled">
        <span>{t.fields.answer}</span>
        <Input.TextArea
          value={draft.answer}
          maxLength={3_500}
          autoSize={{ minRows: 6, maxRows: 20 }}
          disabled={!may}
          onChange={set('answer')}
        />
      </label>
      <label className="labelled">
        <span>{t.fields.steps}</span>
        <Input.TextArea
          value={draft.steps}
          autoSize={{ minRows: 2, maxRows: 12 }}
          disabled={!may}
          onChange={set('steps')}
        />
      </label>
      <Attachments
        attachments={draft.attachments}
        onChange={(attachments) => setDraft((before) => ({ ...before, attachments }))}
      />
      {line('tags', 900)}
      {line('version', 100)}
      {line('departments', 6_000)}
      <div className="faq-days">
        {day('validFrom')}
        {day('validUntil')}
      </div>
      <Checkbox
        checked={draft.reviewed}
        disabled={!may}
        onChange={(event) => setDraft({ ...draft, reviewed: event.target.checked })}
      >
        {t.fields.reviewed}
      </Checkbox>
      <Checkbox
        checked={draft.active}
        disabled={!may}
        onChange={(event) => setDraft({ ...draft, active: event.target.checked })}
      >
        {t.fields.active}
      </Checkbox>
      {put.error === null ? null : <Problem error={put.error} />}
      {retire.error === null ? null : <Problem error={retire.error} />}
      {put.data === undefined ? null : (
        <p role="status">
          {put.data.outcome === 'unchanged' ? t.unchanged : t.saved(put.data.entry.version)}
        </p>
      )}
      {may ? (
        <p className="faq-actions">
          <Button type="primary" htmlType="submit" loading={put.isPending}>
            {t.save}
          </Button>
          {entry === undefined ? null : (
            <Button
              danger
              onClick={() => {
                if (!confirm(t.retireAsk)) return;
                retire.mutate({ method: 'DELETE', path: address }, { onSuccess: () => onChoose(undefined) });
              }}
            >
              {t.retire}
            </Button>
          )}
        </p>
      ) : null}
      {entry === undefined ? null : (
        <History
          id={entry.id}
          version={entry.version}
          onTake={(content) => setDraft(draftOf({ ...content, id: entry.id }))}
        />
      )}
    </form>
  );
}
