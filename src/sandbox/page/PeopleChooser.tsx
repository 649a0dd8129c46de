import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { PeopleAnswer, Person } from '../sandbox.api.ts';
import type { Api } from './api.ts';
import { Avatar, Icon, RoleBadges } from './parts.tsx';
import { useTexts } from './text.ts';

const TYPING_MS = 150;

/** Choose whom to be. Closes with `undefined` when somebody is chosen already. */
export function PeopleChooser(props: {
  api: Api;
  chosen: string | undefined;
  /** An id from the address that nobody has. */
  unknown: string | undefined;
  onChoose: (platformId: string | undefined) => void;
}) {
  const { api, chosen, unknown, onChoose } = props;
  const text = useTexts();
  const dialog = useRef<HTMLDialogElement>(null);
  const [search, setSearch] = useState('');
  const answer = usePeople(api, search);

  useEffect(() => {
    const shown = dialog.current;
    if (shown?.open === false) shown.showModal();
    return () => shown?.close();
  }, []);

  return (
    <dialog
      ref={dialog}
      className="chooser"
      aria-labelledby="chooser-title"
      onCancel={(event) => {
        event.preventDefault();
        if (chosen !== undefined) onChoose(undefined);
      }}
      onClick={(event) => {
        if (event.target === dialog.current && chosen !== undefined) onChoose(undefined);
      }}
    >
      <div className="chooser-box" onKeyDown={moveFocus}>
        <header>
          <h2 id="chooser-title">{chosen === undefined ? text.chooseFirst : text.people}</h2>
          <p>{unknown === undefined ? text.chooseHint : text.unknownPerson(unknown)}</p>
          <label className="search">
            <Icon name="search" />
            <input
              type="search"
              autoFocus
              placeholder={text.searchPeople}
              aria-label={text.searchPeople}
              maxLength={64}
              value={search}
              onChange={(event) => setSearch(event.target.value)}
            />
          </label>
        </header>
        <ul className="people">
          {answer?.items.map((person) => (
            <PersonRow
              key={person.platformId}
              person={person}
              chosen={person.platformId === chosen}
              onChoose={() => onChoose(person.platformId)}
            />
          ))}
        </ul>
        <p className="chooser-foot" role="status">
          {answer?.total === 0 ? text.nobody : ''}
          {answer !== undefined && answer.total > answer.items.length
            ? text.shown(answer.items.length, answer.total)
            : ''}
        </p>
      </div>
    </dialog>
  );
}

function PersonRow({ person, chosen, onChoose }: { person: Person; chosen: boolean; onChoose: () => void }) {
  return (
    <li>
      <button type="button" className="person" aria-current={chosen} onClick={onChoose}>
        <Avatar id={person.platformId} name={person.name} />
        <span className="person-words">
          <span className="person-name">
            {person.name}
            <RoleBadges roles={person.roles} />
          </span>
          <span className="person-place">
            {[person.department, person.position, person.platformId]
              .filter((words) => words !== '')
              .join(' · ')}
          </span>
        </span>
        {chosen ? <Icon name="check" /> : null}
      </button>
    </li>
  );
}

/** Arrow keys walk through search field and people. */
function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined) return;
  event.preventDefault();
  const stops = [...event.currentTarget.querySelectorAll<HTMLElement>('input, .person')];
  const next = stops.findIndex((stop) => stop === document.activeElement) + step;
  stops[Math.min(Math.max(next, 0), stops.length - 1)]?.focus();
}

function usePeople(api: Api, search: string): PeopleAnswer | undefined {
  const [answer, setAnswer] = useState<PeopleAnswer>();
  useEffect(() => {
    const stop = new AbortController();
    const timer = setTimeout(
      () => api.people(search, stop.signal).then(setAnswer, () => undefined),
      search === '' ? 0 : TYPING_MS,
    );
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [api, search]);
  return answer;
}
