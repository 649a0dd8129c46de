import { useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import type { AudienceView, Preview } from '../../features/audiences/audiences.api.ts';
import { call } from '../api.ts';
import { ListTable, Table } from '../ListTable.tsx';
import { useTexts } from '../language.ts';
import { useMay } from '../may.ts';
import { Loaded, PageHead, Problem } from '../parts.tsx';
import { useSend } from '../use-send.ts';
import { useWorkTexts } from '../use-work-texts.ts';
import { definitionOf, EMPTY, isReady, type Part, PartRow } from './PartRow.tsx';

/** Conditions joined by AND or OR, each of which may be turned round; count and samples follow at once. */
export default function AudiencesPage() {
  const text = useTexts();
  const t = useWorkTexts();
  const may = useMay();
  const id = useId();
  const [parts, setParts] = useState<Part[]>([{ ...EMPTY, id: 0 }]);
  const [join, setJoin] = useState<'all' | 'any'>('all');
  const [name, setName] = useState('');
  const [mode, setMode] = useState<'live' | 'frozen'>('live');
  const save = useSend();
  const retire = useSend();
  const ready = parts.filter(isReady);
  const definition = ready.length === 0 ? { everyone: true } : { [join]: ready.map(definitionOf) };
  const preview = useQuery({
    queryKey: ['preview', definition],
    queryFn: ({ signal }) =>
      call<Preview>('/audiences:preview', { method: 'POST', body: { definition }, signal }),
  });
  const change = (changed: Part) => setParts(parts.map((part) => (part.id === changed.id ? changed : part)));
  return (
    <>
      <PageHead title={text.place.audiences}>
        <p>{t.audiences.about}</p>
      </PageHead>
      <section className="panel form">
        <h2>{t.audiences.builder}</h2>
        <div className="tools">
          <label htmlFor={`${id}-join`}>{t.audiences.join}</label>
          <select
            id={`${id}-join`}
            className="field"
            value={join}
            onChange={(event) => setJoin(event.target.value as 'all' | 'any')}
          >
            <option value="all">{t.audiences.all}</option>
            <option value="any">{t.audiences.any}</option>
          </select>
        </div>
        {parts.map((part) => (
          <PartRow
            key={part.id}
            part={part}
            onChange={change}
            onRemove={() => setParts(parts.filter((one) => one.id !== part.id))}
          />
        ))}
        <div className="buttons">
          <button
            type="button"
            className="plain-button"
            onClick={() =>
              setParts([...parts, { ...EMPTY, id: Math.max(0, ...parts.map((part) => part.id)) + 1 }])
            }
          >
            {t.audiences.add}
          </button>
        </div>
        <Loaded query={preview}>
          {({ count, samples }) => (
            <div aria-live="polite">
              <p className="big-number">{t.audiences.count(count)}</p>
              <details>
                <summary>{t.audiences.samples}</summary>
                <Table
                  rows={samples}
                  none={t.none}
                  keyOf={({ number }) => number}
                  columns={[
                    { title: t.number, cell: ({ number }) => number },
                    { title: t.name, cell: (person) => person.name },
                    { title: t.department, cell: ({ department }) => department?.name ?? t.noDepartment },
                  ]}
                />
              </details>
            </div>
          )}
        </Loaded>
        {may('audiences.write') ? (
          <form
            className="tools"
            onSubmit={(event) => {
              event.preventDefault();
              save.mutate({ path: '/audiences', body: { name, definition, mode } });
            }}
          >
            <label htmlFor={`${id}-name`}>{t.audiences.name}</label>
            <input
              id={`${id}-name`}
              className="field"
              required
              maxLength={60}
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
            <label htmlFor={`${id}-mode`}>{t.audiences.mode}</label>
            <select
              id={`${id}-mode`}
              className="field"
              value={mode}
              onChange={(event) => setMode(event.target.value as 'live' | 'frozen')}
            >
              <option value="live">{t.audiences.live}</option>
              <option value="frozen">{t.audiences.frozen}</option>
            </select>
            <button type="submit" className="fill-button" disabled={save.isPending}>
              {t.audiences.save}
            </button>
          </form>
        ) : null}
        {save.error === null ? null : <Problem error={save.error} />}
      </section>
      <h2 className="tools">{t.audiences.saved}</h2>
      {retire.error === null ? null : <Problem error={retire.error} />}
      <ListTable<AudienceView>
        path="/audiences"
        none={t.none}
        keyOf={(audience) => audience.id}
        columns={[
          { title: t.audiences.name, cell: (audience) => audience.name },
          { title: t.audiences.mode, cell: (audience) => t.audiences[audience.mode] },
          ...(may('audiences.write')
            ? [
                {
                  title: t.actions,
                  cell: (audience: AudienceView) => (
                    <button
                      type="button"
                      className="plain-button"
                      aria-label={`${t.audiences.retire} ${audience.name}`}
                      onClick={() => retire.mutate({ method: 'DELETE', path: `/audiences/${audience.id}` })}
                    >
                      {t.audiences.retire}
                    </button>
                  ),
                },
              ]
            : []),
        ]}
      />
    </>
  );
}
