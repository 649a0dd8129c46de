import { useId, useState } from 'react';
import { Problem } from '../parts.tsx';
import { useSend } from '../use-send.ts';
import { useExcusalTexts } from './excusals.text.ts';

interface Choice {
  label: string;
  /** What is sent, given the reason. */
  sent: (reason: string) => Parameters<ReturnType<typeof useSend>['mutate']>[0];
  /** May be chosen without a word. */
  silent?: boolean;
}

/** A reason and what to do with it. */
export function Deciding({ about, choices }: { about: string; choices: readonly Choice[] }) {
  const t = useExcusalTexts();
  const id = useId();
  const [reason, setReason] = useState('');
  const { mutate, isPending, error } = useSend();
  return (
    <>
      <div className="tools">
        <input
          id={id}
          className="field"
          aria-label={`${t.because} ${about}`}
          placeholder={t.because}
          maxLength={200}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
        {choices.map(({ label, sent, silent = false }) => (
          <button
            key={label}
            type="button"
            className="plain-button"
            aria-label={`${label} ${about}`}
            disabled={isPending || (!silent && reason.trim() === '')}
            onClick={() => mutate(sent(reason.trim()))}
          >
            {label}
          </button>
        ))}
      </div>
      {error === null ? null : <Problem error={error} />}
    </>
  );
}
