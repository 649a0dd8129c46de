import type { ExportShape } from '../../features/reports/reports.api.ts';
import { Icon } from '../Icon.tsx';
import { useTexts } from '../language.ts';
import { Tag, type Tone } from '../parts.tsx';
import { useTimes } from '../times.ts';
import { Decide } from './Decide.tsx';
import { fileAddress } from './exports.query.ts';

const tones = {
  waiting: 'notice',
  requested: 'notice',
  done: 'good',
  failed: 'danger',
  refused: 'danger',
} as const satisfies Record<string, Tone>;

export function ExportItem({ made }: { made: ExportShape }) {
  const text = useTexts();
  const times = useTimes();
  const { from, to, state, rows, people, bytes } = made;
  const isGone = state === 'done' && !made.available;
  return (
    <li className="row">
      <div className="row-main">
        <p className="row-title">{made.fileName}</p>
        <p className="muted small">
          {text.exports.period(from, to)}
          {rows === null || people === null ? null : ` · ${text.exports.size(people, rows)}`}
          {bytes === null ? null : ` · ${sizeOf(bytes)}`}
        </p>
        {made.purpose === '' ? null : <p className="small">{text.exports.purposeOf(made.purpose)}</p>}
        <p className="muted small">
          {text.exports.by(made.requestedBy.name)} · {text.exports.createdAt(times.full(made.createdAt))}
          {made.expiresAt === null || isGone ? null : ` · ${text.exports.until(times.full(made.expiresAt))}`}
        </p>
        {made.decision === null ? null : (
          <p className="muted small">
            {made.decision.approved
              ? text.exports.approvedBy(made.decision.by)
              : text.exports.refusedBy(made.decision.by, made.decision.reason ?? '')}
          </p>
        )}
        {made.mayDecide ? <Decide id={made.id} /> : null}
      </div>
      <Tag tone={isGone ? 'plain' : tones[state]}>
        {isGone ? text.exports.gone : text.exports.states[state]}
      </Tag>
      {made.available ? (
        <a className="download" href={fileAddress(made.id)} download={made.fileName}>
          <Icon name="exports" size={16} />
          {text.exports.download}
          <span className="unseen">{made.fileName}</span>
        </a>
      ) : null}
    </li>
  );
}

const sizeOf = (bytes: number): string =>
  bytes < 1024 * 1024
    ? `${Math.max(1, Math.round(bytes / 1024))} KB`
    : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
