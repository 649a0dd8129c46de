import { type KeyboardEvent, useRef, useState } from 'react';
import type { TipPlanView } from '../../features/tips/tips.api.ts';
import { useMay } from '../may.ts';
import { useCalendarTexts } from './calendar.text.ts';
import { movedTo } from './order.ts';

interface TipOrderProps {
  tips: TipPlanView['order'];
  /** The next day of a tip, by its key. */
  dayOf: ReadonlyMap<string, string>;
  mayMove: boolean;
  onOrder: (keys: readonly string[]) => void;
}

/** The order as a list whose items are dragged, or moved by buttons and keys; each move is said aloud. */
export function TipOrder({ tips, dayOf, mayMove, onOrder }: TipOrderProps) {
  const t = useCalendarTexts();
  const isShown = useMay()('tips.write');
  const dragged = useRef<number>(undefined);
  const [over, setOver] = useState<number>();
  const [said, setSaid] = useState('');

  const move = (from: number, to: number): void => {
    const order = movedTo(tips, from, to);
    if (!mayMove || order === tips) return;
    setSaid(t.moved(tips[from]?.title ?? '', to + 1));
    onOrder(order.map(({ key }) => key));
  };
  const onKey = (event: KeyboardEvent, index: number): void => {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!event.altKey || step === undefined) return;
    event.preventDefault();
    move(index, index + step);
  };

  return (
    <>
      <ol className="tip-order">
        {tips.map(({ key, title }, index) => (
          <li
            key={key}
            draggable={isShown}
            data-over={over === index}
            onDragStart={(event) => {
              dragged.current = index;
              event.dataTransfer.effectAllowed = 'move';
              event.dataTransfer.setData('text/plain', key);
            }}
            onDragOver={(event) => {
              event.preventDefault();
              setOver(index);
            }}
            onDragEnd={() => setOver(undefined)}
            onDrop={(event) => {
              event.preventDefault();
              setOver(undefined);
              if (dragged.current !== undefined) move(dragged.current, index);
              dragged.current = undefined;
            }}
          >
            {isShown ? (
              <>
                <span className="grip" aria-hidden="true">
                  ⠿
                </span>
                <button type="button" className="tip-title" onKeyDown={(event) => onKey(event, index)}>
                  {title}
                </button>
              </>
            ) : (
              <span className="tip-title">{title}</span>
            )}
            <span className="muted small number">
              {dayOf.has(key) ? t.onDay(dayOf.get(key)?.slice(5) ?? '') : null}
            </span>
            {isShown ? (
              <span className="tip-moves">
                <button
                  type="button"
                  aria-label={t.up(title)}
                  disabled={index === 0}
                  onClick={() => move(index, index - 1)}
                >
                  ↑
                </button>
                <button
                  type="button"
                  aria-label={t.down(title)}
                  disabled={index === tips.length - 1}
                  onClick={() => move(index, index + 1)}
                >
                  ↓
                </button>
              </span>
            ) : null}
          </li>
        ))}
      </ol>
      <p className="unseen" role="status">
        {said}
      </p>
    </>
  );
}
