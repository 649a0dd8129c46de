import { useQuery } from '@tanstack/react-query';
import { Segmented } from 'antd';
import { useState } from 'react';
import type { TipLooks as Looks } from '../../features/tips/tips.api.ts';
import { call } from '../api.ts';
import { useLanguage } from '../language.ts';
import { Loaded } from '../parts.tsx';
import { useCalendarTexts } from './calendar.text.ts';
import { Markdown } from './Markdown.tsx';

type Look = Looks['looks'][number];
const idOf = ({ channel, form }: Look): string => `${channel} ${form}`;

/** The card as each platform shows it, and what it cannot show there. */
export function TipLooks({ tipKey }: { tipKey: string }) {
  const language = useLanguage();
  const looks = useQuery({
    queryKey: ['tip-looks', tipKey, language],
    queryFn: ({ signal }) =>
      call<Looks>(`/tips/${encodeURIComponent(tipKey)}/looks?locale=${language}`, { signal }),
  });
  return <Loaded query={looks}>{(found) => <Chosen looks={found.looks} />}</Loaded>;
}

function Chosen({ looks }: { looks: readonly Look[] }) {
  const t = useCalendarTexts();
  const [chosen, setChosen] = useState<string>();
  const look = looks.find((one) => idOf(one) === chosen) ?? looks[0];
  if (look === undefined) return null;
  return (
    <section className="tip-looks" aria-label={t.looks}>
      <Segmented
        aria-label={t.looks}
        value={idOf(look)}
        onChange={setChosen}
        options={looks.map((one) => ({
          value: idOf(one),
          label:
            one.form === 'markdown' && one.channel === 'dingtalk'
              ? t.withoutTemplate
              : t.platforms[one.channel],
        }))}
      />
      <article className="tip-card" aria-label={t.platforms[look.channel]}>
        {look.title === '' ? null : <h2>{look.title}</h2>}
        <Markdown text={look.body} />
        {look.buttons.length === 0 ? null : (
          <p className="card-buttons">
            {look.buttons.map((label) => (
              <span key={label}>{label}</span>
            ))}
          </p>
        )}
      </article>
      {look.shortcomings.length === 0 ? (
        <p className="muted small">{t.allShown}</p>
      ) : (
        <ul className="small">
          {look.shortcomings.map(({ kind, what }) => (
            <li key={`${kind} ${what}`}>{t.shortcomings[kind](what)}</li>
          ))}
        </ul>
      )}
    </section>
  );
}
