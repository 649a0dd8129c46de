import type { Person } from './sandbox.api.ts';

/** The directory as the sandbox needs it: who can be chosen, and whom the bot can reach. */
export interface SandboxPeople {
  list(): Promise<Person[]>;
  /** Which of these platform ids belong to somebody. */
  exists(ids: string[]): Promise<Set<string>>;
}

const LIST_AGE_MS = 5_000;
const SHOWN = 50;

/** Names change rarely and lists are long: one reading of the directory serves five seconds. */
export function createPeopleBook(people: SandboxPeople, nowMs: () => number = Date.now) {
  let reading: { at: number; byId: Promise<Map<string, Person>> } | undefined;

  function byId(): Promise<Map<string, Person>> {
    if (reading === undefined || nowMs() - reading.at > LIST_AGE_MS) {
      const fresh = people.list().then((list) => new Map(list.map((person) => [person.platformId, person])));
      reading = { at: nowMs(), byId: fresh };
      fresh.catch(() => {
        reading = undefined;
      });
    }
    return reading.byId;
  }

  return {
    /** Asks again when the reading at hand does not know the person: somebody may just have been hired. */
    async find(platformId: string): Promise<Person | undefined> {
      const known = (await byId()).get(platformId);
      if (known !== undefined || !(await people.exists([platformId])).has(platformId)) return known;
      reading = undefined;
      return (await byId()).get(platformId);
    },
    async names(platformIds: Iterable<string>): Promise<Map<string, string>> {
      const book = await byId();
      return new Map([...platformIds].map((id) => [id, book.get(id)?.name ?? id]));
    },
    /** Whoever has `words` in name, number, department, position or role; at most 50, with how many there are. */
    async search(words: string): Promise<{ items: Person[]; total: number }> {
      const wanted = words.normalize('NFKC').trim().toLowerCase();
      const found = [...(await byId()).values()].filter((person) => formOf(person).includes(wanted));
      return { items: found.slice(0, SHOWN), total: found.length };
    },
  };
}

export type PeopleBook = ReturnType<typeof createPeopleBook>;

const formOf = (person: Person): string =>
  [person.name, person.platformId, person.department, person.position, ...person.roles]
    .join('\n')
    .toLowerCase();
