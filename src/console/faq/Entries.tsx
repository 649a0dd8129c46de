import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { useDeferredValue, useState } from 'react';
import type { FaqEntryView } from '../../features/faq/faq.api.ts';
import { useMay } from '../may.ts';
import { Loaded, More, Problem, Tag } from '../parts.tsx';
import { EntryEditor } from './EntryEditor.tsx';
import { entriesQuery, entryQuery, importEntries } from './faq.query.ts';
import { useFaqTexts } from './faq.text.ts';

interface Choice {
  /** The id of an entry; '' for a new one. */
  chosen: string | undefined;
  onChoose: (id: string | undefined) => void;
}

/** All entries; the chosen one opens beside them. */
export function Entries({ chosen, onChoose }: Choice) {
  const t = useFaqTexts();
  const may = useMay();
  const [search, setSearch] = useState('');
  const entries = useInfiniteQuery(entriesQuery(useDeferredValue(search.trim())));
  return (
    <>
      <p className="faq-actions">
        <Input
          type="search"
          allowClear
          maxLength={200}
          aria-label={t.search}
          placeholder={t.search}
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
        {may('faq.write') ? (
          <Button type="primary" onClick={() => onChoose('')}>
            {t.create}
          </Button>
        ) : null}
      </p>
      <div className="faq-library">
        <div>
          <Loaded query={entries}>
            {({ pages }) => (
              <EntryList {...{ chosen, onChoose }} items={pages.flatMap(({ items }) => items)} />
            )}
          </Loaded>
          <More query={entries} />
        </div>
        <section className="panel" aria-label={t.preview}>
          {chosen === undefined ? (
            <p className="empty">{t.choose}</p>
          ) : chosen === '' ? (
            <EntryEditor key="new" entry={undefined} onChoose={onChoose} />
          ) : (
            <Chosen key={chosen} id={chosen} onChoose={onChoose} />
          )}
        </section>
      </div>
      <Files />
    </>
  );
}

function EntryList({ items, chosen, onChoose }: Choice & { items: readonly FaqEntryView[] }) {
  const t = useFaqTexts();
  if (items.length === 0) return <p className="panel empty">{t.none}</p>;
  return (
    <ul className="panel faq-list">
      {items.map(({ id, question, review, active, similar, tags }) => (
        <li key={id}>
          <button type="button" className="faq-row" aria-pressed={id === chosen} onClick={() => onChoose(id)}>
            <span>{question}</span>
            <span className="muted small">
              {id} · {t.similarCount(similar.length)} {tags.length === 0 ? '' : `· ${tags.join(' ')}`}{' '}
              {review === 'draft' ? <Tag tone="warm">{t.reviews.draft}</Tag> : null}{' '}
              {active ? null : <Tag>{t.off}</Tag>}
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}

function Chosen({ id, onChoose }: { id: string; onChoose: Choice['onChoose'] }) {
  const entry = useQuery(entryQuery(id));
  return (
    <Loaded query={entry}>
      {(found) => <EntryEditor key={found.id} entry={found} onChoose={onChoose} />}
    </Loaded>
  );
}

const exports = [
  { format: 'xlsx', name: 'XLSX', ending: 'xlsx' },
  { format: 'csv', name: 'CSV', ending: 'csv' },
  { format: 'json', name: 'JSON', ending: 'json' },
  { format: 'markdown', name: 'Markdown', ending: 'md' },
];

function Files() {
  const t = useFaqTexts();
  const may = useMay();
  const client = useQueryClient();
  const bring = useMutation({ mutationFn: importEntries, onSuccess: () => client.invalidateQueries() });
  const report = bring.data;
  return (
    <section className="panel faq-files" aria-label={t.files}>
      <h2>{t.files}</h2>
      <p className="faq-actions">
        {may('faq.write') ? (
          <label>
            {t.file}{' '}
            <input
              type="file"
              accept=".xlsx,.csv,.json,.md"
              onChange={(event) => {
                const [file] = event.target.files ?? [];
                if (file !== undefined) bring.mutate(file);
                event.target.value = '';
              }}
            />
          </label>
        ) : null}
        {exports.map(({ format, name, ending }) => (
          <a key={format} href={`/api/v1/faq/export?format=${format}`} download={`faq.${ending}`}>
            {t.exportAs} {name}
          </a>
        ))}
      </p>
      {bring.error === null ? null : <Problem error={bring.error} />}
      {report === undefined ? null : (
        <div role="status">
          <p>
            {t.imported(
              report.totals.created,
              report.totals.updated,
              report.totals.unchanged,
              report.totals.refused,
            )}
          </p>
          <ul className="small">
            {report.rows
              .filter(({ outcome }) => outcome === 'refused')
              .slice(0, 50)
              .map(({ line, id, problems }) => (
                <li key={line}>
                  {t.line(line)} {id} {problems.join('; ')}
                </li>
              ))}
          </ul>
        </div>
      )}
    </section>
  );
}
