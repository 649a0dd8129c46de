import { useQuery } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { useState } from 'react';
import type { MaterialView, TrainingView } from '../../features/trainings/trainings.api.ts';
import { Loaded, Problem, Tag } from '../parts.tsx';
import { useSend } from '../use-send.ts';
import { materialsQuery } from './trainings.query.ts';
import { useTrainingTexts } from './trainings.text.ts';

/** 物料清单: what the event needs, whose it is, and why it may be missing; the code of its posters. */
export function Materials({ training }: { training: TrainingView }) {
  const t = useTrainingTexts();
  const m = t.materials;
  const list = useQuery(materialsQuery(training.id));
  const send = useSend();
  const [label, setLabel] = useState('');
  const [owner, setOwner] = useState('');
  const path = `/trainings/${training.id}/materials`;
  const add = (items: readonly { label: string; owner: string | null }[]): void => {
    send.mutate({ path, body: { items } }, { onSuccess: () => setLabel('') });
  };
  const code = training.linkCode;
  return (
    <>
      <p className="muted">{m.about}</p>
      {send.error === null ? null : <Problem error={send.error} />}
      <Loaded query={list}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="panel empty">
              {m.none}{' '}
              <Button onClick={() => add(m.usualItems.map((one) => ({ label: one, owner: null })))}>
                {m.usual}
              </Button>
            </p>
          ) : (
            <ul className="panel training-list">
              {items.map((item) => (
                <Item
                  key={item.id}
                  item={item}
                  onChange={(body) => send.mutate({ method: 'PUT', path: `${path}/${item.id}`, body })}
                  onRemove={() => send.mutate({ method: 'DELETE', path: `${path}/${item.id}` })}
                />
              ))}
            </ul>
          )
        }
      </Loaded>
      <div className="training-actions">
        <Input
          aria-label={m.label}
          placeholder={m.label}
          value={label}
          onChange={(event) => setLabel(event.target.value)}
        />
        <Input
          aria-label={m.owner}
          placeholder={m.owner}
          value={owner}
          onChange={(event) => setOwner(event.target.value)}
        />
        <Button
          disabled={label.trim() === ''}
          onClick={() => add([{ label, owner: owner.trim() === '' ? null : owner.trim() }])}
        >
          {m.add}
        </Button>
      </div>
      {code === null ? null : (
        <section className="panel training-poster" aria-label={m.poster}>
          <h3>{m.poster}</h3>
          <img src={`/api/v1/links/${code}/qr`} alt={m.poster} width={160} height={160} />
          <p>
            <strong className="number">{code}</strong> · {m.posterAbout(code)}
          </p>
        </section>
      )}
    </>
  );
}

function Item({
  item,
  onChange,
  onRemove,
}: {
  item: MaterialView;
  onChange: (body: object) => void;
  onRemove: () => void;
}) {
  const m = useTrainingTexts().materials;
  const { no, label, owner, doneAt, doneBy, gapReason, gapBy } = item;
  const explain = (): void => {
    const reason = prompt(m.why)?.trim();
    if (reason !== undefined && reason !== '') onChange({ gapReason: reason });
  };
  return (
    <li>
      <div>
        <label>
          <input
            type="checkbox"
            checked={doneAt !== null}
            onChange={() => onChange({ done: doneAt === null })}
          />{' '}
          <span className="row-title">
            {no} · {label}
          </span>
        </label>{' '}
        {owner === null ? null : (
          <span className="muted">
            {owner.name} {owner.number}
          </span>
        )}{' '}
        {doneAt === null ? null : (
          <Tag tone="good">
            {m.done} {doneBy === null ? '' : m.by(doneBy)}
          </Tag>
        )}{' '}
        {gapReason === null || doneAt !== null ? null : (
          <Tag tone="warm">
            {m.gap}: {gapReason} {gapBy === null ? '' : m.by(gapBy)}
          </Tag>
        )}
      </div>
      <p className="training-actions">
        {doneAt === null ? <Button onClick={explain}>{m.why}</Button> : null}
        <Button onClick={onRemove}>{m.remove}</Button>
      </p>
    </li>
  );
}
