import type { PurposeCounts } from '../../outbox/outbox.api.ts';
import { useTexts } from '../language.ts';
import { Tag, type Tone } from '../parts.tsx';

type State = keyof PurposeCounts['states'];

/** The order in which the states stand, and how they look. */
const tones = {
  read: 'good',
  delivered: 'good',
  accepted: 'good',
  clicked: 'good',
  digested: 'good',
  unconfirmed: 'notice',
  held: 'plain',
  queued: 'notice',
  planned: 'notice',
  excluded: 'plain',
  expired: 'plain',
  recalled: 'plain',
  unreachable: 'warm',
  unknown: 'warm',
  refused: 'danger',
} as const satisfies Record<State, Tone>;
const states = Object.keys(tones) as State[];

/** For each purpose how many messages are in which state. */
export function DeliveriesPanel({ deliveries }: { deliveries: readonly PurposeCounts[] }) {
  const text = useTexts();
  return (
    <section className="panel" aria-labelledby="deliveries">
      <h2 id="deliveries">{text.today.deliveries}</h2>
      {deliveries.length === 0 ? <p className="muted">{text.today.noDeliveries}</p> : null}
      <ul className="purposes">
        {deliveries.map((counts) => (
          <Purpose key={counts.purpose} counts={counts} />
        ))}
      </ul>
    </section>
  );
}

function Purpose({ counts: { purpose, total, states: found } }: { counts: PurposeCounts }) {
  const text = useTexts();
  const present = states.flatMap((state) => {
    const count = found[state] ?? 0;
    return count === 0 ? [] : [{ state, count }];
  });
  return (
    <li>
      <p className="purpose-name">
        <span>{text.purposes[purpose] ?? purpose}</span>
        <span className="muted number">{text.today.total(total)}</span>
      </p>
      <p className="segments" aria-hidden="true">
        {present.map(({ state, count }) => (
          <span key={state} data-tone={tones[state]} style={{ flexGrow: count }} />
        ))}
      </p>
      <ul className="state-counts">
        {present.map(({ state, count }) => (
          <li key={state}>
            <Tag tone={tones[state]}>
              {text.states[state]} <span className="number">{count}</span>
            </Tag>
          </li>
        ))}
      </ul>
    </li>
  );
}
