import { useInfiniteQuery } from '@tanstack/react-query';
import { AntTheme } from '../AntTheme.tsx';
import { useTexts } from '../language.ts';
import { Loaded, More, PageHead } from '../parts.tsx';
import { LinksPanel } from './LinksPanel.tsx';
import { NoticeForm } from './NoticeForm.tsx';
import { NoticeItem } from './NoticeItem.tsx';
import { noticesQuery } from './notices.query.ts';
import { useNoticeTexts } from './notices.text.ts';
import './notices.css';

/** Notices from the first word to the last receipt, and the links of posters. */
export default function NoticesPage() {
  const text = useTexts();
  const own = useNoticeTexts();
  const notices = useInfiniteQuery(noticesQuery);
  return (
    <AntTheme>
      <PageHead title={text.place.notices}>
        <p>{own.about}</p>
      </PageHead>
      <section className="panel" aria-labelledby="new-notice">
        <h2 id="new-notice">{own.write}</h2>
        <NoticeForm />
      </section>
      <section className="panel" aria-labelledby="notice-list">
        <h2 id="notice-list">{own.list}</h2>
        <Loaded query={notices}>
          {({ pages }) => {
            const items = pages.flatMap((page) => page.items);
            return items.length === 0 ? (
              <p className="empty">{own.none}</p>
            ) : (
              <ul className="rows">
                {items.map((one) => (
                  <NoticeItem key={one.id} notice={one} />
                ))}
              </ul>
            );
          }}
        </Loaded>
        <More query={notices} />
      </section>
      <LinksPanel />
    </AntTheme>
  );
}
