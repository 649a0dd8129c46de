import { useQuery } from '@tanstack/react-query';
import { Button, Select } from 'antd';
import { useState } from 'react';
import type { Replayed } from '../../features/faq/faq.console.api.ts';
import { Loaded } from '../parts.tsx';
import { replayQuery } from './faq.query.ts';
import { useFaqTexts } from './faq.text.ts';

const SPANS = [7, 30];

/** What publishing all drafts would win and lose, on the questions of the last weeks. */
export function Replay({ onEdit }: { onEdit: (id: string) => void }) {
  const own = useFaqTexts();
  const t = own.replay;
  const [days, setDays] = useState(30);
  const [isOn, setOn] = useState(false);
  const replay = useQuery({ ...replayQuery(days), enabled: isOn });
  return (
    <>
      <div className="faq-actions">
        <span className="muted">{t.about}</span>
        <Select
          aria-label={own.days}
          value={days}
          onChange={setDays}
          options={SPANS.map((span) => ({ value: span, label: own.lastDays(span) }))}
        />
        <Button
          type="primary"
          loading={replay.isFetching}
          onClick={() => (isOn ? void replay.refetch() : setOn(true))}
        >
          {t.start}
        </Button>
      </div>
      {isOn ? (
        <Loaded query={replay}>
          {({ asked, drafts, gains, losses }) => (
            <>
              <p role="status" className="faq-actions">
                {t.done(asked, drafts)}
              </p>
              <Changes title={t.losses(losses.length)} changes={losses} onEdit={onEdit} />
              <Changes title={t.gains(gains.length)} changes={gains} onEdit={onEdit} />
            </>
          )}
        </Loaded>
      ) : null}
    </>
  );
}

function Changes({
  title,
  changes,
  onEdit,
}: {
  title: string;
  changes: Replayed['gains'];
  onEdit: (id: string) => void;
}) {
  const t = useFaqTexts();
  const said = ({ outcome, entry }: Replayed['gains'][number]['before']) =>
    `${t.outcomes[outcome]}${entry === null ? '' : `（${entry}）`}`;
  return (
    <section className="panel" aria-label={title}>
      <h2>{title}</h2>
      {changes.length === 0 ? <p className="muted">{t.replay.none}</p> : null}
      <ul className="rows">
        {changes.map(({ text, before, after }) => (
          <li key={text} className="row">
            <div className="row-main">
              <p className="row-title">{text}</p>
              <p className="muted small">
                {said(before)} {t.replay.to} {said(after)}
              </p>
            </div>
            {after.entry === null ? null : (
              <Button onClick={() => onEdit(after.entry ?? '')}>{t.edit}</Button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
