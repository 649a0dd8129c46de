import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { Loaded, Tag } from '../parts.tsx';
import { useTimes } from '../times.ts';
import { figuresQuery } from './faq.query.ts';
import { useFaqTexts } from './faq.text.ts';

/** How the knowledge base does, without saying who asked. */
export function Figures({ onEdit }: { onEdit: (id: string) => void }) {
  const own = useFaqTexts();
  const t = own.figures;
  const times = useTimes();
  const figures = useQuery(figuresQuery);
  return (
    <Loaded query={figures}>
      {({ entries, questions, misses, thumbs, worst, comments }) => (
        <>
          <div className="faq-figures">
            <Group title={t.entries} counts={entries} names={t} />
            <Group title={t.questions} counts={questions} names={t} />
            <Group title={t.misses} counts={misses} names={t} />
            <Group title={t.thumbs} counts={thumbs} names={t} />
          </div>
          <section className="panel">
            <h2>{t.worst}</h2>
            {worst.length === 0 ? <p className="muted">{t.noWorst}</p> : null}
            <ul className="rows">
              {worst.map(({ entryId, question, up, down }) => (
                <li key={entryId} className="row">
                  <div className="row-main">
                    <p className="row-title">{question}</p>
                    <p className="muted small">{entryId}</p>
                  </div>
                  <Tag tone="good">
                    {t.up} {up}
                  </Tag>
                  <Tag tone="danger">
                    {t.down} {down}
                  </Tag>
                  <Button onClick={() => onEdit(entryId)}>{own.edit}</Button>
                </li>
              ))}
            </ul>
          </section>
          <section className="panel">
            <h2>{own.comments}</h2>
            {comments.length === 0 ? <p className="muted">{own.noComments}</p> : null}
            <ul className="rows">
              {comments.map(({ entryId, version, comment, at }) => (
                <li key={`${at} ${entryId}`} className="row">
                  <div className="row-main">
                    <p className="row-title">{comment}</p>
                    <p className="muted small">
                      {entryId} · {own.versionOf(version)} · {times.short(at)}
                    </p>
                  </div>
                  <Button onClick={() => onEdit(entryId)}>{own.edit}</Button>
                </li>
              ))}
            </ul>
          </section>
        </>
      )}
    </Loaded>
  );
}

function Group<Counts extends Record<string, number>>({
  title,
  counts,
  names,
}: {
  title: string;
  counts: Counts;
  names: Record<keyof Counts, string>;
}) {
  return (
    <section className="panel" aria-label={title}>
      <h2>{title}</h2>
      <dl>
        {(Object.entries(counts) as [keyof Counts & string, number][]).map(([name, count]) => (
          <div key={name}>
            <dt className="muted">{names[name]}</dt>
            <dd className="number">{count}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
