import { useQuery } from '@tanstack/react-query';
import { type ComponentType, lazy, Suspense, useEffect, useRef, useState } from 'react';
import { Brand } from './Brand.tsx';
import { campaignsQuery } from './campaigns.query.ts';
import { clockQuery } from './clock/clock.query.ts';
import { Icon, type IconName } from './Icon.tsx';
import { useTexts } from './language.ts';
import { PageBoundary } from './PageBoundary.tsx';
import { Problem, Waiting } from './parts.tsx';
import { type Place, PlaceLink, places, usePlace } from './router.tsx';
import { browserZone, ZoneContext } from './times.ts';

const pages: Record<Place, ComponentType> = {
  '': lazy(() => import('./today/TodayPage.tsx')),
  notices: lazy(() => import('./notices/NoticesPage.tsx')),
  exports: lazy(() => import('./exports/ExportsPage.tsx')),
  schedules: lazy(() => import('./schedules/SchedulesPage.tsx')),
  tips: lazy(() => import('./tips/TipsPage.tsx')),
  audit: lazy(() => import('./audit/AuditPage.tsx')),
};
const ClockBar = lazy(() => import('./clock/ClockBar.tsx'));
const iconOf = (place: Place): IconName => (place === '' ? 'today' : place);

interface ShellProps {
  /** The session is over; what is filled in stays. */
  ended: boolean;
  onSignOut: () => Promise<void>;
  onLookAgain: () => Promise<void>;
  onLanguage: () => void;
}

export function Shell({ ended, onSignOut, onLookAgain, onLanguage }: ShellProps) {
  const text = useTexts();
  const place = usePlace();
  const { data: clock } = useQuery(clockQuery);
  const { data: campaigns } = useQuery(campaignsQuery);
  const zone = campaigns?.items[0]?.zone ?? browserZone;
  const content = useArrival(place);
  const Page = pages[place];
  return (
    <div className="shell">
      <a className="skip" href="#content">
        {text.skip}
      </a>
      <header className="side">
        <Brand />
        <nav aria-label={text.pages}>
          <ul>
            {places.map((one) => (
              <li key={one}>
                <PlaceLink to={one} className="nav-link">
                  <Icon name={iconOf(one)} />
                  <span>{text.place[one]}</span>
                </PlaceLink>
              </li>
            ))}
          </ul>
        </nav>
        <div className="side-foot">
          <button type="button" className="foot-button" onClick={onLanguage}>
            <Icon name="language" size={18} />
            <span>{text.otherLanguage}</span>
          </button>
          <SignOutButton onSignOut={onSignOut} />
        </div>
      </header>
      <div className="stage">
        {ended ? <SessionEnded onLookAgain={onLookAgain} /> : null}
        <ZoneContext value={zone}>
          {clock?.mode === 'manual' ? (
            <Suspense fallback={null}>
              <ClockBar now={clock.now} />
            </Suspense>
          ) : null}
          <main id="content" ref={content} tabIndex={-1}>
            <PageBoundary key={place}>
              <Suspense fallback={<Waiting />}>
                <Page />
              </Suspense>
            </PageBoundary>
          </main>
        </ZoneContext>
      </div>
    </div>
  );
}

/** Names the page in the title, and takes the keyboard there when somebody came by a link. */
function useArrival(place: Place) {
  const text = useTexts();
  const content = useRef<HTMLElement>(null);
  const shown = useRef(place);
  useEffect(() => {
    document.title = `${text.place[place]} · ${text.title}`;
    if (shown.current !== place) content.current?.focus({ preventScroll: true });
    shown.current = place;
  }, [place, text]);
  return content;
}

function SignOutButton({ onSignOut }: { onSignOut: () => Promise<void> }) {
  const text = useTexts();
  const [error, setError] = useState<unknown>();
  return (
    <>
      <button type="button" className="foot-button" onClick={() => void onSignOut().catch(setError)}>
        <Icon name="leave" size={18} />
        <span>{text.signOut}</span>
      </button>
      {error === undefined ? null : <Problem error={error} />}
    </>
  );
}

function SessionEnded({ onLookAgain }: { onLookAgain: () => Promise<void> }) {
  const text = useTexts();
  return (
    <p className="strip warm-strip" role="alert">
      <span>
        {text.sessionEnded.before} <code>npx cuhuo token link</code> {text.sessionEnded.after}
      </span>
      <button type="button" className="plain-button" onClick={() => void onLookAgain()}>
        {text.lookAgain}
      </button>
    </p>
  );
}
