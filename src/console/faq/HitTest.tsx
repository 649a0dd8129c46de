import { Button, Input } from 'antd';
import { useState } from 'react';
import type { Explained } from '../../features/faq/faq.console.api.ts';
import { Problem, Tag, type Tone } from '../parts.tsx';
import { Markdown } from '../tips/Markdown.tsx';
import { useSend } from '../use-send.ts';
import { useFaqTexts } from './faq.text.ts';

const tones: Record<Explained['outcome'], Tone> = {
  answer: 'good',
  choices: 'notice',
  rephrase: 'warm',
  handover: 'danger',
};
const percent = (share: number): string => `${Math.round(share * 100)}%`;

/** What would you answer, and why? Nothing of it is kept. */
export function HitTest({ onEdit }: { onEdit: (id: string) => void }) {
  const t = useFaqTexts();
  const [text, setText] = useState('');
  const [employeeId, setEmployeeId] = useState('');
  const ask = useSend<Explained>();
  const found = ask.data;
  return (
    <>
      <form
        className="panel faq-actions"
        onSubmit={(event) => {
          event.preventDefault();
          const who = employeeId.trim();
          const body = { text, ...(who === '' ? {} : { employeeId: who }) };
          if (text.trim() !== '') ask.mutate({ path: '/faq/explain', body });
        }}
      >
        <label className="labelled faq-wide">
          <span>{t.question}</span>
          <Input value={text} maxLength={300} onChange={(event) => setText(event.target.value)} />
        </label>
        <label className="labelled">
          <span>{t.employee}</span>
          <Input value={employeeId} maxLength={200} onChange={(event) => setEmployeeId(event.target.value)} />
        </label>
        <Button type="primary" htmlType="submit" loading={ask.isPending}>
          {t.ask}
        </Button>
      </form>
      {ask.error === null ? null : <Problem error={ask.error} />}
      {found === undefined ? null : (
        <section className="panel" aria-live="polite">
          <h2>
            <Tag tone={tones[found.outcome]}>{t.outcomes[found.outcome]}</Tag>
          </h2>
          <p className="muted small">
            {t.outcomeBecause(
              percent(found.thresholds.answer),
              percent(found.thresholds.gap),
              percent(found.thresholds.choices),
            )}
          </p>
          {found.chosen === null ? null : <p className="muted small">{t.chosen(found.chosen)}</p>}
          {found.candidates.length === 0 ? <p>{t.noCandidates}</p> : null}
          <ol className="faq-candidates">
            {found.candidates.map((candidate, rank) => (
              <Candidate
                key={candidate.entryId}
                candidate={candidate}
                isAnswer={rank === 0 && found.outcome === 'answer'}
                onEdit={onEdit}
              />
            ))}
          </ol>
        </section>
      )}
    </>
  );
}

function Candidate({
  candidate,
  isAnswer,
  onEdit,
}: {
  candidate: Explained['candidates'][number];
  isAnswer: boolean;
  onEdit: (id: string) => void;
}) {
  const t = useFaqTexts();
  const parts = Object.entries(candidate.contributions) as [keyof typeof t.contributions, number][];
  const most = Math.max(1, ...parts.map(([, part]) => Math.abs(part)));
  return (
    <li>
      <p>
        <strong>{candidate.question}</strong> <span className="muted small">{candidate.entryId}</span>{' '}
        <Tag>
          {t.confidence} {percent(candidate.confidence)}
        </Tag>{' '}
        <Button size="small" onClick={() => onEdit(candidate.entryId)}>
          {t.edit}
        </Button>
      </p>
      {candidate.matched === candidate.question ? null : (
        <p className="muted small">
          {t.matched}: {candidate.matched}
        </p>
      )}
      {isAnswer ? (
        <article className="faq-card">
          <Markdown text={candidate.answer} />
        </article>
      ) : null}
      <details open={isAnswer}>
        <summary>
          {t.why} · {t.score} <span className="number">{candidate.score.toFixed(2)}</span>
        </summary>
        <dl className="faq-parts">
          {parts.map(([name, part]) => (
            <div key={name}>
              <dt>{t.contributions[name]}</dt>
              <dd>
                <span
                  className="faq-bar"
                  data-sign={part < 0 ? 'minus' : 'plus'}
                  style={{ width: `${(70 * Math.abs(part)) / most}%` }}
                />
                <span className="number">{part.toFixed(2)}</span>
              </dd>
            </div>
          ))}
        </dl>
      </details>
    </li>
  );
}
