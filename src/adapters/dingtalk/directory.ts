import { z } from 'zod';
import type {
  DirectoryHint,
  DirectoryPage,
  DirectorySource,
  PlatformDepartment,
  PlatformPerson,
} from '../../chat/directory-source.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { type DingtalkClient, parse } from './client.ts';

const ROOT = 1;
const PEOPLE_A_PAGE = 100;
/** The platform allows 20 calls a second of one API; other processes may ask for single people meanwhile. */
const GAP_MS = 70;
const MOST_TRIES = 5;
const MOST_WAIT_MS = 10_000;

const optionalText = z
  .string()
  .nullish()
  .transform((text) => (text === null || text === undefined || text.trim() === '' ? undefined : text.trim()));
const personRow = z.looseObject({
  userid: z.string().min(1),
  unionid: optionalText,
  name: z.string(),
  job_number: optionalText,
  title: optionalText,
  dept_id_list: z
    .array(z.number())
    .nullish()
    .transform((list) => list ?? []),
  active: z.boolean().nullish(),
});
const listsub = z.object({
  result: z.array(z.looseObject({ dept_id: z.number(), name: z.string(), parent_id: z.number().nullish() })),
});
const getDepartment = z.object({
  result: z.looseObject({ dept_id: z.number(), name: z.string(), parent_id: z.number().nullish() }),
});
const userList = z.object({
  result: z.object({
    has_more: z.boolean(),
    next_cursor: z.number().nullish(),
    list: z
      .array(personRow)
      .nullish()
      .transform((list) => list ?? []),
  }),
});
const userGet = z.object({ result: personRow });

/** What is still to be read: departments, and how far the people of the first one have been. */
const place = z.object({
  departments: z.array(z.number().int()).max(200_000),
  people: z.number().int().nonnegative().nullable(),
});
type Place = z.infer<typeof place>;

/** 60121: nobody of that id. 50002: outside of what the app may see. Source: platforms/dingtalk.md §6.4. */
const GONE = '60121';
const HIDDEN = '50002';

/**
 * The directory of one organisation by its old API, which is not metered: departments level by level, people by pages
 * of a hundred. Source: D:user-management-acquires-the-list-departments and others, platforms/dingtalk.md §7.
 */
export function createDirectory(deps: { client: DingtalkClient; account: string }): {
  source: DirectorySource;
  hint(hint: DirectoryHint): void;
} {
  const { client, account } = deps;
  let tell: ((hint: DirectoryHint) => void) | undefined;
  let freeAt = 0;

  async function gap(): Promise<void> {
    const now = performance.now();
    const at = Math.max(now, freeAt);
    freeAt = at + GAP_MS;
    if (at > now) await sleep(at - now);
  }

  /** Waits as long as the platform asks; gives up after some tries. */
  async function ask<Shape>(path: string, body: object, schema: z.ZodType<Shape>): Promise<Shape> {
    for (let tries = 1; ; tries += 1) {
      await gap();
      try {
        return parse(schema, { json: await client.oapi({ method: 'POST', path, body }) }, path);
      } catch (error) {
        const worth = error instanceof PlatformError && (error.fate === 'wait' || error.fate === 'retry');
        if (!worth || tries >= MOST_TRIES) throw error;
        await sleep(Math.min(MOST_WAIT_MS, (error.waitMs ?? 500) * tries));
      }
    }
  }

  async function below(id: number): Promise<PlatformDepartment[]> {
    const { result } = await ask('/topapi/v2/department/listsub', { dept_id: id }, listsub);
    return result.map(({ dept_id, name }) => ({ id: String(dept_id), name, parentId: String(id) }));
  }

  async function root(): Promise<PlatformDepartment> {
    const { result } = await ask('/topapi/v2/department/get', { dept_id: ROOT }, getDepartment);
    return { id: String(ROOT), name: result.name, parentId: null };
  }

  /** One step of the walk: a department with those below it, or a page of its people. */
  async function step({
    departments,
    people,
  }: Place): Promise<{ page: Omit<DirectoryPage, 'cursor'>; next: Place }> {
    const [id, ...rest] = departments as [number, ...number[]];
    if (people === null) {
      const found = await below(id);
      const own = id === ROOT ? [await root()] : [];
      const next = { departments: [id, ...rest, ...found.map((one) => Number(one.id))], people: 0 };
      return { page: { departments: [...own, ...found], people: [] }, next };
    }
    const body = { dept_id: id, cursor: people, size: PEOPLE_A_PAGE };
    const { result } = await ask('/topapi/v2/user/list', body, userList);
    const more = result.has_more && result.next_cursor !== null && result.next_cursor !== undefined;
    const next = more
      ? { departments, people: result.next_cursor ?? 0 }
      : { departments: rest, people: null };
    return { page: { departments: [], people: result.list.map(personFrom) }, next };
  }

  async function* walk(cursor?: string): AsyncIterable<DirectoryPage> {
    let at: Place =
      cursor === undefined ? { departments: [ROOT], people: null } : place.parse(JSON.parse(cursor));
    while (at.departments.length > 0) {
      try {
        const { page, next } = await step(at);
        at = next;
        yield { ...page, cursor: JSON.stringify(at) };
      } catch (error) {
        if (!(error instanceof PlatformError)) throw error;
        const [id, ...rest] = at.departments;
        // Departments that could not be listed still may have people who can.
        at =
          at.people === null
            ? { departments: [id ?? ROOT, ...rest], people: 0 }
            : { departments: rest, people: null };
        const failed = { what: `department ${id}`, reason: error.platformCode };
        yield { departments: [], people: [], cursor: JSON.stringify(at), failed };
      }
    }
  }

  return {
    source: {
      channel: 'dingtalk',
      account,
      walk,
      async person(platformId) {
        try {
          return personFrom((await ask('/topapi/v2/user/get', { userid: platformId }, userGet)).result);
        } catch (error) {
          if (!(error instanceof PlatformError)) throw error;
          if (error.platformCode === GONE) return 'gone';
          if (error.platformCode === HIDDEN) return 'hidden';
          throw error;
        }
      },
      onHint(given) {
        tell = given;
      },
    },
    hint: (hint) => tell?.(hint),
  };
}

function personFrom(row: z.output<typeof personRow>): PlatformPerson {
  return {
    platformId: row.userid,
    otherIds: row.unionid === undefined ? {} : { unionid: row.unionid },
    name: row.name,
    number: row.job_number,
    position: row.title,
    departmentIds: row.dept_id_list.map(String),
    mainDepartmentId: undefined,
    // Who has not joined yet cannot be reached; the field is missing where the app may not see it.
    active: row.active !== false,
  };
}

const sleep = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
