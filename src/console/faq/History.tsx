import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import type { FaqVersions } from '../../features/faq/faq.api.ts';
import { Loaded } from '../parts.tsx';
import { useTimes } from '../times.ts';
import { versionsQuery } from './faq.query.ts';
import { useFaqTexts } from './faq.text.ts';

/** Every version of an entry; an earlier one can be put into the form, and counts when it is saved. */
export function History({
  id,
  version,
  onTake,
}: {
  id: string;
  version: number;
  onTake: (content: FaqVersions['items'][number]['content']) => void;
}) {
  const t = useFaqTexts();
  const times = useTimes();
  const [isOpen, setOpen] = useState(false);
  const versions = useQuery({ ...versionsQuery(id, version), enabled: isOpen });
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t.history}</summary>
      {isOpen ? (
        <Loaded query={versions}>
          {({ items }) => (
            <ul className="faq-history small">
              {items.map(({ version: number, at, content }) => (
                <li key={number}>
                  {t.versionOf(number)} · {times.short(at)} · {content.question}{' '}
                  {number === version ? null : (
                    <Button size="small" onClick={() => onTake(content)}>
                      {t.takeBack}
                    </Button>
                  )}
                </li>
              ))}
            </ul>
          )}
        </Loaded>
      ) : null}
    </details>
  );
}
