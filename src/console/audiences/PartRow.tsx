import { useTexts } from '../language.ts';
import { useWorkTexts } from '../use-work-texts.ts';

export type Kind = 'department' | 'role' | 'tag' | 'platform' | 'level' | 'active' | 'inactive';

export interface Part {
  id: number;
  kind: Kind;
  value: string;
  not: boolean;
}

export const EMPTY = { kind: 'department', value: '', not: false } as const;

/** A condition without its value says nothing yet. */
export const isReady = ({ value }: Part): boolean => value.trim() !== '';

export function definitionOf({ kind, value, not }: Part): object {
  const days = { lastDays: Math.min(366, Math.max(1, Number(value) || 1)) };
  const one =
    kind === 'active'
      ? { checkins: { ...days, atLeast: 1 } }
      : kind === 'inactive'
        ? { checkins: { ...days, atMost: 0 } }
        : { [kind]: value.trim() };
  return not ? { not: one } : one;
}

interface PartRowProps {
  part: Part;
  onChange: (part: Part) => void;
  onRemove: () => void;
}

export function PartRow({ part, onChange, onRemove }: PartRowProps) {
  const text = useTexts();
  const t = useWorkTexts();
  const choices: Partial<Record<Kind, Record<string, string>>> = {
    role: t.roleNames,
    platform: {
      sandbox: 'Sandbox',
      feishu: '飞书 Feishu',
      wecom: '企业微信 WeCom',
      dingtalk: '钉钉 DingTalk',
    },
    level: text.levels,
  };
  const options = choices[part.kind];
  const isDays = part.kind === 'active' || part.kind === 'inactive';
  return (
    <div className="part">
      <label>
        <input
          type="checkbox"
          checked={part.not}
          onChange={(event) => onChange({ ...part, not: event.target.checked })}
        />{' '}
        {t.audiences.not}
      </label>
      <select
        className="field"
        aria-label={t.audiences.kinds[part.kind]}
        value={part.kind}
        onChange={(event) => onChange({ ...part, kind: event.target.value as Kind, value: '' })}
      >
        {Object.entries(t.audiences.kinds).map(([kind, label]) => (
          <option key={kind} value={kind}>
            {label}
          </option>
        ))}
      </select>
      {options === undefined ? (
        <input
          className="field"
          aria-label={isDays ? t.audiences.daysBack : t.audiences.value}
          placeholder={isDays ? t.audiences.daysBack : t.audiences.value}
          type={isDays ? 'number' : 'text'}
          min={1}
          max={366}
          maxLength={200}
          value={part.value}
          onChange={(event) => onChange({ ...part, value: event.target.value })}
        />
      ) : (
        <select
          className="field"
          aria-label={t.audiences.value}
          value={part.value}
          onChange={(event) => onChange({ ...part, value: event.target.value })}
        >
          <option value="">{t.audiences.value}</option>
          {Object.entries(options).map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      )}
      <button type="button" className="quiet-button" onClick={onRemove}>
        {t.audiences.remove}
      </button>
    </div>
  );
}
