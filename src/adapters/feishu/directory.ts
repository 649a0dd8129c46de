import type {
  DirectoryHint,
  DirectoryPage,
  DirectorySource,
  PlatformDepartment,
  PlatformPerson,
} from '../../chat/directory-source.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { adviceForCode } from './advice.ts';
import type { FeishuClient } from './client.ts';
import { createDirectoryApi } from './directory-api.ts';
import { type Place, placeIn, placeOut } from './directory-place.ts';

interface Deps {
  client: FeishuClient;
  account: string;
  onHint: (tell: (hint: DirectoryHint) => void) => void;
  /** Between two calls, so that 50 a second and 1,000 a minute are kept; 70 ms unless given. */
  paceMs?: number;
}

const ROOT = '0';
/** The person is in nobody's directory any more, or never was. */
const GONE = new Set(['41012', '99992351']);
const HIDDEN = new Set(['41050', '40004', '40014']);

/**
 * The contact API: what the app may see, then each department's own people, the root's among them. A department that
 * cannot be read is named, and the walk goes on. The SDK's iterators end a walk silently on an error, so none is used.
 */
export function createDirectory({ client, account, onHint, paceMs = 70 }: Deps): DirectorySource {
  const api = createDirectoryApi(client, paceMs);

  /** All departments of the walk, read anew after a crash: they are few, and the place names one of them. */
  async function departmentsOf(): Promise<{
    all: PlatformDepartment[];
    failed: DirectoryPage['failed'][];
    people: string[];
    isWhole: boolean;
  }> {
    const scope = await api.scopes();
    const failed: DirectoryPage['failed'][] = [];
    const found = new Map<string, PlatformDepartment>();
    const below = async (id: string): Promise<void> => {
      try {
        for (const one of await api.childrenOf(id)) found.set(one.id, one);
      } catch (error) {
        failed.push({ what: `department ${id}`, reason: reasonOf(error) });
      }
    };
    const granted = scope.departmentIds;
    const isWhole = await api.seesRoot();
    if (isWhole) await below(ROOT);
    else {
      for (const one of await api.departments(granted)) found.set(one.id, one);
      for (const id of granted) await below(id);
    }
    return {
      all: [...found.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
      failed,
      people: isWhole ? [] : scope.personIds,
      isWhole,
    };
  }

  return {
    channel: 'feishu',
    account,
    onHint,

    async *walk(cursor) {
      const from = placeIn(cursor);
      const { all, failed, people, isWhole } = await departmentsOf();
      const seen = new Set(all.map(({ id }) => id));
      const known = all.map((one) => ({
        ...one,
        parentId: seen.has(one.parentId ?? '') ? one.parentId : null,
      }));
      const order = [...(isWhole ? [ROOT] : []), ...known.map(({ id }) => id)];
      const start: Place = { department: order[0] ?? '', token: '' };
      if (from === undefined) {
        yield { departments: known, people: [], cursor: placeOut(start) };
        for (const failure of failed) {
          if (failure !== undefined)
            yield { departments: [], people: [], cursor: placeOut(start), failed: failure };
        }
        for (let at = 0; at < people.length; at += 50) {
          const some = await api.people(people.slice(at, at + 50));
          yield { departments: [], people: some, cursor: placeOut(start) };
        }
      }
      const place = from ?? start;
      if (place.department === END.department) return;
      const first = order.findIndex((id) => id === place.department);
      for (const [index, id] of order.entries()) {
        if (index < first) continue;
        const next = order[index + 1];
        yield* pagesOf(
          id,
          index === first ? place.token : '',
          next === undefined ? END : { department: next, token: '' },
        );
      }
    },

    async person(platformId) {
      try {
        return await api.person(platformId);
      } catch (error) {
        const code = error instanceof PlatformError ? error.platformCode : '';
        if (GONE.has(code)) return 'gone';
        if (HIDDEN.has(code)) return 'hidden';
        throw error;
      }
    },
  };

  /** The people right in one department, from a page on. */
  async function* pagesOf(id: string, from: string, after: Place): AsyncIterable<DirectoryPage> {
    let token: string | undefined = from;
    while (token !== undefined) {
      try {
        const page: { people: PlatformPerson[]; next: string | undefined } = await api.membersOf(id, token);
        token = page.next;
        const cursor = placeOut(token === undefined ? after : { department: id, token });
        yield { departments: [], people: page.people, cursor };
      } catch (error) {
        if (!(error instanceof PlatformError) || error.fate !== 'give-up') throw error;
        const failure = { what: `members of department ${id}`, reason: reasonOf(error) };
        yield { departments: [], people: [], cursor: placeOut(after), failed: failure };
        return;
      }
    }
  }
}

/** Behind the last department: a walk that goes on there has nothing left to read. */
const END: Place = { department: 'end', token: '' };

function reasonOf(error: unknown): string {
  if (!(error instanceof PlatformError) || error.fate !== 'give-up') throw error;
  return adviceForCode(error.platformCode) ?? error.platformCode;
}
