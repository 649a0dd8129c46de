import { Button } from 'antd';
import { type SubmitEvent, useId, useState } from 'react';
import { AntTheme } from '../AntTheme.tsx';
import { Icon } from '../Icon.tsx';
import { useTexts } from '../language.ts';
import { Problem } from '../parts.tsx';
import { useTimes } from '../times.ts';
import { useWrite } from '../use-write.ts';
import type { ClockReading } from './clock.query.ts';
import { fieldOf, instantOf, type Step, stepped, steps } from './clock.steps.ts';

/** The rehearsal clock: what time it is, and moving it on. What falls due on the way happens before the answer. */
export default function ClockBar({ now }: { now: string }) {
  return (
    <AntTheme>
      <Bar now={now} />
    </AntTheme>
  );
}

function Bar({ now }: { now: string }) {
  const text = useTexts();
  const { zone, ...times } = useTimes();
  const id = useId();
  const [target, setTarget] = useState<string>();
  const { mutate, reset, isPending, error, variables } = useWrite<{ now: string }, ClockReading>('/clock');
  const shownTarget = target ?? fieldOf(now, zone);

  const move = (to: string): void => mutate({ now: to }, { onSuccess: () => setTarget(undefined) });
  const onSubmit = (event: SubmitEvent): void => {
    event.preventDefault();
    const to = instantOf(shownTarget, zone);
    if (to !== undefined) move(to);
  };

  return (
    <section className="clock" aria-label={text.clock.name}>
      <p className="clock-now">
        <Icon name="clock" size={18} />
        <span>{text.clock.name}</span>
        <time dateTime={now}>{times.full(now)}</time>
      </p>
      <div className="clock-moves">
        {steps.map((step: Step) => (
          <Button key={step} disabled={isPending} onClick={() => move(stepped(now, zone, step))}>
            {text.clock.steps[step]}
          </Button>
        ))}
        <form className="clock-form" onSubmit={onSubmit}>
          <label className="unseen" htmlFor={id}>
            {text.clock.target}
          </label>
          <input
            id={id}
            type="datetime-local"
            className="field"
            required
            value={shownTarget}
            onChange={(event) => {
              setTarget(event.target.value);
              if (error !== null) reset();
            }}
          />
          <Button type="primary" htmlType="submit" loading={isPending}>
            {text.clock.move}
          </Button>
        </form>
      </div>
      <p className="clock-word" role="status">
        {isPending ? text.clock.moving(times.full(variables.now)) : ''}
      </p>
      {error === null ? null : <Problem error={error} />}
    </section>
  );
}
