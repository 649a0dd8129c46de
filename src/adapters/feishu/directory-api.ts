import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { PlatformDepartment, PlatformPerson } from '../../chat/directory-source.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { ApiCall, FeishuClient } from './client.ts';

const departmentShape = z.object({
  open_department_id: z.string(),
  name: z.string().default(''),
  parent_department_id: z.string().nullish(),
  status: z.object({ is_deleted: z.boolean().nullish() }).nullish(),
});
/** A field whose API scope was not granted is absent without a word. */
const userShape = z.object({
  open_id: z.string(),
  union_id: z.string().nullish(),
  user_id: z.string().nullish(),
  name: z.string().nullish(),
  employee_no: z.string().nullish(),
  job_title: z.string().nullish(),
  department_ids: z.array(z.string()).nullish(),
  orders: z.array(z.object({ department_id: z.string(), is_primary_dept: z.boolean().nullish() })).nullish(),
  status: z
    .object({
      is_frozen: z.boolean().nullish(),
      is_resigned: z.boolean().nullish(),
      is_activated: z.boolean().nullish(),
      is_exited: z.boolean().nullish(),
    })
    .nullish(),
});
const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({
    data: z.object({
      items: z.array(item).nullish(),
      has_more: z.boolean().nullish(),
      page_token: z.string().nullish(),
    }),
  });
const departmentPage = pageOf(departmentShape);
const userPage = pageOf(userShape);
const oneUser = z.object({ data: z.object({ user: userShape }) });
const scopePage = z.object({
  data: z.object({
    department_ids: z.array(z.string()).nullish(),
    user_ids: z.array(z.string()).nullish(),
    has_more: z.boolean().nullish(),
    page_token: z.string().nullish(),
  }),
});

const PAGE = 50;
const ROOT = '0';
const TOO_LARGE = '43010';
const NOT_THE_ROOT = '40014';
const ids = { user_id_type: 'open_id', department_id_type: 'open_department_id' };
const MOST_TRIES = 4;

/** The calls of the contact API, one after the other and paced. */
export function createDirectoryApi(client: FeishuClient, paceMs: number) {
  /** Waits as long as the platform asks; a stumble of the platform is tried again a few times. */
  async function call<Shape>(what: ApiCall, shape: z.ZodType<Shape>): Promise<Shape> {
    for (let tried = 1; ; tried += 1) {
      await pause(paceMs);
      try {
        return await client.call(what, shape);
      } catch (error) {
        const again = error instanceof PlatformError && (error.fate === 'wait' || error.fate === 'retry');
        if (!again || tried >= MOST_TRIES || (error.waitMs ?? 0) > 60_000) throw error;
        await pause(error.waitMs ?? paceMs * 2 ** tried);
      }
    }
  }

  async function children(id: string, deep: boolean): Promise<PlatformDepartment[]> {
    const found: PlatformDepartment[] = [];
    let page_token: string | undefined;
    do {
      const { data } = await call(
        {
          name: 'contact/v3/departments/children',
          path: `/contact/v3/departments/${encodeURIComponent(id)}/children`,
          query: { ...ids, fetch_child: String(deep), page_size: PAGE, page_token },
        },
        departmentPage,
      );
      found.push(...(data.items ?? []).filter(({ status }) => status?.is_deleted !== true).map(departmentOf));
      page_token = data.has_more === true ? (data.page_token ?? undefined) : undefined;
    } while (page_token !== undefined);
    return found;
  }

  return {
    /** What was granted: not expanded, and for the whole company the first level. */
    async scopes(): Promise<{ departmentIds: string[]; personIds: string[] }> {
      const scope: { departmentIds: string[]; personIds: string[] } = { departmentIds: [], personIds: [] };
      let page_token: string | undefined;
      do {
        const query = { ...ids, page_size: 100, page_token };
        const { data } = await call(
          { name: 'contact/v3/scopes', path: '/contact/v3/scopes', query },
          scopePage,
        );
        scope.departmentIds.push(...(data.department_ids ?? []));
        scope.personIds.push(...(data.user_ids ?? []));
        page_token = data.has_more === true ? (data.page_token ?? undefined) : undefined;
      } while (page_token !== undefined);
      return scope;
    },
    /** Whether the app may see the whole company. */
    async seesRoot(): Promise<boolean> {
      const query = { ...ids, page_size: 1 };
      const what = {
        name: 'contact/v3/departments/children',
        path: `/contact/v3/departments/${ROOT}/children`,
        query,
      };
      try {
        await call(what, departmentPage);
        return true;
      } catch (error) {
        if (error instanceof PlatformError && error.platformCode === NOT_THE_ROOT) return false;
        throw error;
      }
    },
    /** Everything below a department; level by level where it is too large to be told at once. */
    async childrenOf(id: string): Promise<PlatformDepartment[]> {
      try {
        return await children(id, true);
      } catch (error) {
        if (!(error instanceof PlatformError) || error.platformCode !== TOO_LARGE) throw error;
      }
      const level = await children(id, false);
      const deeper: PlatformDepartment[] = [];
      for (const child of level) deeper.push(...(await this.childrenOf(child.id)));
      return [...level, ...deeper];
    },
    async departments(departmentIds: readonly string[]): Promise<PlatformDepartment[]> {
      const found: PlatformDepartment[] = [];
      for (let at = 0; at < departmentIds.length; at += PAGE) {
        const query = { ...ids, department_ids: departmentIds.slice(at, at + PAGE) };
        const what = { name: 'contact/v3/departments/batch', path: '/contact/v3/departments/batch', query };
        found.push(...((await call(what, departmentPage)).data.items ?? []).map(departmentOf));
      }
      return found;
    },
    async membersOf(
      id: string,
      token: string,
    ): Promise<{ people: PlatformPerson[]; next: string | undefined }> {
      const { data } = await call(
        {
          name: 'contact/v3/users/find_by_department',
          path: '/contact/v3/users/find_by_department',
          query: { ...ids, department_id: id, page_size: PAGE, page_token: token === '' ? undefined : token },
        },
        userPage,
      );
      const next = data.has_more === true ? (data.page_token ?? undefined) : undefined;
      return { people: (data.items ?? []).map(personOf), next };
    },
    async people(openIds: readonly string[]): Promise<PlatformPerson[]> {
      const what = {
        name: 'contact/v3/users/batch',
        path: '/contact/v3/users/batch',
        query: { ...ids, user_ids: openIds },
      };
      return ((await call(what, userPage)).data.items ?? []).map(personOf);
    },
    async person(openId: string): Promise<PlatformPerson> {
      const path = `/contact/v3/users/${encodeURIComponent(openId)}`;
      return personOf((await call({ name: 'contact/v3/users', path, query: ids }, oneUser)).data.user);
    },
  };
}

function departmentOf(shape: z.infer<typeof departmentShape>): PlatformDepartment {
  const { open_department_id: id, name, parent_department_id: parent } = shape;
  return { id, name, parentId: parent === undefined || parent === null || parent === ROOT ? null : parent };
}

function personOf(user: z.infer<typeof userShape>): PlatformPerson {
  const { status } = user;
  const others = { union_id: user.union_id, user_id: user.user_id };
  const given = Object.entries(others).flatMap(([key, value]) => (value ? [[key, value]] : []));
  const departmentIds = (user.department_ids ?? []).filter((id) => id !== ROOT);
  return {
    platformId: user.open_id,
    otherIds: Object.fromEntries(given),
    name: user.name ?? '',
    number: user.employee_no || undefined,
    position: user.job_title || undefined,
    departmentIds,
    mainDepartmentId: user.orders?.find((one) => one.is_primary_dept === true && one.department_id !== ROOT)
      ?.department_id,
    active: ![status?.is_frozen, status?.is_resigned, status?.is_exited].includes(true),
  };
}
