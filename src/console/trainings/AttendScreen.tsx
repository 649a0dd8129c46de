import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useEffect, useMemo, useState } from 'react';
import type { TrainingView } from '../../features/trainings/trainings.api.ts';
import { Loaded } from '../parts.tsx';
import { useTimes } from '../times.ts';
import { arrivalsQuery, codeQuery } from './trainings.query.ts';
import { useTrainingTexts } from './trainings.text.ts';

/** The code of this moment and who is there by now: for the desk, and for the wall. */
export function AttendScreen({ training }: { training: TrainingView }) {
  const t = useTrainingTexts();
  const [onWall, setOnWall] = useState(false);
  useEffect(() => {
    if (!onWall) return undefined;
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') setOnWall(false);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [onWall]);
  return (
    <>
      <p className="training-actions">
        <Button type="primary" onClick={() => setOnWall(true)}>
          {t.attend.projector}
        </Button>
      </p>
      {onWall ? (
        <div className="training-wall" role="dialog" aria-modal="true" aria-label={t.attend.projector}>
          <Wall training={training} />
          <button type="button" className="plain-button training-leave" onClick={() => setOnWall(false)}>
            {t.attend.leave}
          </button>
        </div>
      ) : (
        <section className="panel">
          <Wall training={training} />
        </section>
      )}
    </>
  );
}

function Wall({ training }: { training: TrainingView }) {
  const t = useTrainingTexts().attend;
  const code = useQuery(codeQuery(training.id));
  return (
    <div className="training-board">
      <div>
        <h2>{training.title}</h2>
        <Loaded query={code}>
          {(view) =>
            view.open ? (
              <>
                <p>{t.send}</p>
                <p className="training-code number">
                  {t.word(`${view.code.slice(0, 3)} ${view.code.slice(3)}`)}
                </p>
                <p className="muted">{t.scan}</p>
                <img className="training-qr" src={svgUrl(view.qr)} alt={t.scan} />
                <Countdown until={view.until} aheadMs={view.aheadMs} />
              </>
            ) : (
              <p className="empty">{t.closed}</p>
            )
          }
        </Loaded>
      </div>
      <Arrived training={training} />
    </div>
  );
}

const svgUrl = (svg: string): string => `data:image/svg+xml;utf8,${encodeURIComponent(svg)}`;

const MOST_NAMES = 60;

function Arrived({ training }: { training: TrainingView }) {
  const t = useTrainingTexts().attend;
  const times = useTimes();
  const options = useMemo(() => arrivalsQuery(training.id), [training.id]);
  const arrivals = useQuery(options);
  return (
    <section aria-label={t.arrived}>
      <Loaded query={arrivals}>
        {({ present, signedUp, late, people }) => (
          <>
            <p className="training-count" aria-live="polite">
              <strong>{t.count(present, signedUp)}</strong>
              {late === 0 ? '' : ` · ${t.late(late)}`}
            </p>
            <h3>{t.arrived}</h3>
            {people.length === 0 ? (
              <p className="empty">{t.nobody}</p>
            ) : (
              <ul className="training-arrived">
                {people.slice(0, MOST_NAMES).map(({ number, name, department, at }) => (
                  <li key={number}>
                    <strong>{name}</strong> <span className="muted">{department}</span>{' '}
                    <span className="muted number">{times.time(at)}</span>
                  </li>
                ))}
              </ul>
            )}
          </>
        )}
      </Loaded>
    </section>
  );
}

const TICK_MS = 250;
const ROTATES_SECONDS = 30;

/** Seconds by the server's clock until the next code. */
function Countdown({ until, aheadMs }: { until: string; aheadMs: number }) {
  const t = useTrainingTexts().attend;
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <p className="muted number">
      {t.seconds(
        Math.min(ROTATES_SECONDS, Math.max(0, Math.ceil((Date.parse(until) - (now - aheadMs)) / 1000))),
      )}
    </p>
  );
}
