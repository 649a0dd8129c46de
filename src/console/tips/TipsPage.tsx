import { useInfiniteQuery } from '@tanstack/react-query';
import { Drawer, Input, Tabs } from 'antd';
import { useDeferredValue, useEffect, useState } from 'react';
import type { TipView } from '../../features/tips/tips.api.ts';
import { AntTheme } from '../AntTheme.tsx';
import { useTexts } from '../language.ts';
import { Loaded, More, PageHead, Tag } from '../parts.tsx';
import { useMedia } from '../use-media.ts';
import { useCalendarTexts } from './calendar.text.ts';
import { TipCalendar } from './TipCalendar.tsx';
import { TipPreview } from './TipPreview.tsx';
import { tipsQuery } from './tips.query.ts';
import './tips.css';

const TYPING_MS = 250;

/** The library, and which of it on which day. */
export default function TipsPage() {
  const text = useTexts();
  const t = useCalendarTexts();
  return (
    <AntTheme>
      <PageHead title={text.place.tips}>
        <p>{text.tips.about}</p>
      </PageHead>
      <Tabs
        destroyOnHidden
        items={[
          { key: 'library', label: t.library, children: <Library /> },
          { key: 'calendar', label: t.calendar, children: <TipCalendar /> },
        ]}
      />
    </AntTheme>
  );
}

/** The library on the left; the chosen tip as people get it on the right, or over the page on a phone. */
function Library() {
  const text = useTexts();
  const [search, setSearch] = useState('');
  const tips = useInfiniteQuery(tipsQuery(useSettled(search.trim())));
  const [chosen, setChosen] = useState<TipView>();
  const isWide = useMedia('(width > 1040px)');
  return (
    <div className="library">
      <div>
        <Input
          className="library-search"
          type="search"
          allowClear
          maxLength={200}
          aria-label={text.tips.search}
          placeholder={text.tips.search}
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
        <Loaded query={tips}>
          {({ pages }) => (
            <TipList tips={pages.flatMap(({ items }) => items)} chosen={chosen?.key} onChoose={setChosen} />
          )}
        </Loaded>
        <More query={tips} />
      </div>
      {isWide ? (
        <aside className="panel library-preview" aria-label={text.tips.preview}>
          {chosen === undefined ? <p className="empty">{text.tips.choose}</p> : <TipPreview tip={chosen} />}
        </aside>
      ) : (
        <Drawer
          title={text.tips.preview}
          closable={{ 'aria-label': text.tips.close }}
          placement="bottom"
          size="80dvh"
          open={chosen !== undefined}
          onClose={() => setChosen(undefined)}
        >
          {chosen === undefined ? null : <TipPreview tip={chosen} />}
        </Drawer>
      )}
    </div>
  );
}

interface TipListProps {
  tips: readonly TipView[];
  chosen: string | undefined;
  onChoose: (tip: TipView) => void;
}

function TipList({ tips, chosen, onChoose }: TipListProps) {
  const text = useTexts();
  if (tips.length === 0) return <p className="panel empty">{text.tips.none}</p>;
  return (
    <ul className="panel tip-list">
      {tips.map((tip) => (
        <li key={tip.key}>
          <button
            type="button"
            className="tip-row"
            aria-pressed={tip.key === chosen}
            onClick={() => onChoose(tip)}
          >
            <span className="row-title">{tip.title}</span>
            <span className="tip-tags">
              <Tag tone="notice">{text.tips.areas[tip.area] ?? tip.area}</Tag>
              <Tag>{text.levels[tip.level]}</Tag>
              {tip.question === null ? null : <Tag>{text.tips.withQuestion}</Tag>}
              <span className="muted small">{tip.feature}</span>
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}

/** What stands there when nobody has typed for a moment. */
function useSettled(value: string): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), TYPING_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return useDeferredValue(settled);
}
