import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { AntTheme } from '../AntTheme.tsx';
import { campaignsQuery } from '../campaigns.query.ts';
import { clockQuery } from '../clock/clock.query.ts';
import { useTexts } from '../language.ts';
import { Loaded, More, PageHead } from '../parts.tsx';
import { useTimes } from '../times.ts';
import { ExportForm } from './ExportForm.tsx';
import { ExportItem } from './ExportItem.tsx';
import { exportsQuery } from './exports.query.ts';
import { monthsToExport } from './months.ts';
import './exports.css';

export default function ExportsPage() {
  const text = useTexts();
  const times = useTimes();
  const campaigns = useQuery(campaignsQuery);
  const clock = useQuery(clockQuery);
  const made = useInfiniteQuery(exportsQuery);
  const today = times.isoDay(clock.data?.now ?? new Date().toISOString());
  return (
    <AntTheme>
      <PageHead title={text.place.exports}>
        <p>{text.exports.about}</p>
      </PageHead>
      <section className="panel" aria-labelledby="new-export">
        <h2 id="new-export">{text.exports.newOne}</h2>
        <Loaded query={campaigns}>
          {({ items }) => <ExportForm months={monthsToExport(items, today)} />}
        </Loaded>
      </section>
      <section className="panel" aria-labelledby="exports-made">
        <h2 id="exports-made">{text.exports.list}</h2>
        <Loaded query={made}>
          {({ pages }) => {
            const items = pages.flatMap((page) => page.items);
            return items.length === 0 ? (
              <p className="empty">{text.exports.none}</p>
            ) : (
              <ul className="rows">
                {items.map((one) => (
                  <ExportItem key={one.id} made={one} />
                ))}
              </ul>
            );
          }}
        </Loaded>
        <More query={made} />
      </section>
    </AntTheme>
  );
}
