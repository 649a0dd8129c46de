import { useQuery } from '@tanstack/react-query';
import { useMay } from '../may.ts';
import { Loaded } from '../parts.tsx';
import { useTimes } from '../times.ts';
import { Draft } from './Draft.tsx';
import { draftsQuery, rulesQuery } from './performance.query.ts';
import { usePerformanceTexts } from './performance.text.ts';
import { RuleForm } from './RuleForm.tsx';

/** The versions of a campaign's rule, drafts with what they would change, and a form for the next one. */
export function Rules({ campaign }: { campaign: { key: string; startsOn: string } }) {
  const { rules: t } = usePerformanceTexts();
  const times = useTimes();
  const may = useMay();
  const rules = useQuery(rulesQuery(campaign.key));
  const drafts = useQuery(draftsQuery(campaign.key));
  return (
    <>
      <section className="panel" aria-label={t.versions}>
        <h2>{t.versions}</h2>
        <Loaded query={rules}>
          {({ items }) =>
            items.length === 0 ? (
              <p className="empty">{t.none}</p>
            ) : (
              <ul className="rows">
                {items.map((one) => (
                  <li key={one.version} className="row">
                    <div className="row-main">
                      <p className="row-title">
                        {t.version(one.version)} · {t.from(one.fromDay)}
                      </p>
                      <p className="muted small">
                        {one.reason} · {t.published(one.publishedBy, times.full(one.publishedAt))}
                      </p>
                    </div>
                  </li>
                ))}
              </ul>
            )
          }
        </Loaded>
      </section>
      <Loaded query={drafts}>
        {({ items }) =>
          items.filter(({ state }) => state !== 'published').map((one) => <Draft key={one.id} draft={one} />)
        }
      </Loaded>
      {may('performance.write') ? (
        <Loaded query={rules}>
          {({ items }) => (
            <RuleForm
              key={items[0]?.version ?? 0}
              campaign={campaign.key}
              fromDay={items[0]?.fromDay ?? campaign.startsOn}
              last={items[0]?.rule}
            />
          )}
        </Loaded>
      ) : null}
    </>
  );
}
