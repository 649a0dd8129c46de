import { type MouseEvent, type ReactNode, useSyncExternalStore } from 'react';

const BASE = '/console';
const MOVED = 'cuhuo:moved';

/** The pages by the last part of their address; the empty one is home. */
export const places = ['', 'notices', 'exports', 'schedules', 'tips', 'audit'] as const;
export type Place = (typeof places)[number];

const addressOf = (place: Place): string => (place === '' ? BASE : `${BASE}/${place}`);

/** An address that we do not know shows home. */
function placeNow(): Place {
  const path = location.pathname.replace(/\/+$/, '');
  return places.find((place) => addressOf(place) === path) ?? '';
}

function follow(onMove: () => void): () => void {
  window.addEventListener('popstate', onMove);
  window.addEventListener(MOVED, onMove);
  return () => {
    window.removeEventListener('popstate', onMove);
    window.removeEventListener(MOVED, onMove);
  };
}

export const usePlace = (): Place => useSyncExternalStore(follow, placeNow);

function moveTo(place: Place): void {
  if (addressOf(place) !== location.pathname) history.pushState(null, '', addressOf(place));
  window.dispatchEvent(new Event(MOVED));
  window.scrollTo(0, 0);
}

/** A real link, so that it can be opened in another tab too. */
export function PlaceLink({
  to,
  className,
  children,
}: {
  to: Place;
  className?: string;
  children: ReactNode;
}) {
  const here = usePlace() === to;
  const onClick = (event: MouseEvent): void => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    moveTo(to);
  };
  return (
    <a href={addressOf(to)} className={className} aria-current={here ? 'page' : undefined} onClick={onClick}>
      {children}
    </a>
  );
}
