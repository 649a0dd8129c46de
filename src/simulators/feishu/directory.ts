import { ok, pageOf, refuse, type SimAnswer, type SimRequest } from './answers.ts';
import { type Department, type Person, ROOT_DEPARTMENT, type World } from './world.ts';

export interface DirectoryKnobs {
  /** What the app may see; everything unless these departments and people are named. */
  scope: { departmentIds: string[]; openIds: string[] } | undefined;
  /** Departments too large to be listed with everything below them. */
  tooLarge: Set<string>;
  /** API scopes for single fields that were not granted: the field is then silently absent. */
  hidden: Set<string>;
}

export function directoryApi(world: World, knobs: DirectoryKnobs) {
  const live = (): Department[] => [...world.departments.values()].filter(({ deleted }) => !deleted);
  const parentOf = (id: string): string | undefined => world.departments.get(id)?.parentId;

  function inScope(departmentId: string): boolean {
    if (knobs.scope === undefined) return true;
    for (let id: string | undefined = departmentId; id !== undefined; id = parentOf(id)) {
      if (knobs.scope.departmentIds.includes(id)) return true;
    }
    return false;
  }

  const sees = (person: Person): boolean =>
    person.inScope &&
    (knobs.scope === undefined ||
      knobs.scope.openIds.includes(person.openId) ||
      person.departmentIds.some(inScope));

  function below(id: string, deep: boolean): Department[] {
    const children = live().filter(({ parentId }) => parentId === id);
    return deep ? children.flatMap((child) => [child, ...below(child.id, true)]) : children;
  }

  const membersOf = (id: string): Person[] =>
    [...world.people.values()].filter(
      (person) => person.departmentIds.includes(id) && !person.status.is_resigned && sees(person),
    );

  function departmentShape(department: Department) {
    return {
      name: department.name,
      i18n_name: {},
      parent_department_id: department.parentId,
      department_id: department.id.slice(3, 13),
      open_department_id: department.id,
      leader_user_id: '',
      chat_id: '',
      order: '100',
      unit_ids: [],
      member_count: membersOf(department.id).length,
      status: { is_deleted: false },
      leaders: [],
    };
  }

  function userShape(person: Person): Record<string, unknown> {
    const shape: Record<string, unknown> = {
      open_id: person.openId,
      union_id: person.unionId,
      user_id: person.userId,
      name: person.name,
      employee_no: person.number ?? '',
      job_title: person.jobTitle ?? '',
      status: { ...person.status, is_unjoin: false },
      department_ids: person.departmentIds,
      orders: person.departmentIds.map((department_id, index) => ({
        department_id,
        user_order: 0,
        department_order: 0,
        is_primary_dept: index === 0,
      })),
    };
    for (const field of knobs.hidden) delete shape[field];
    return shape;
  }

  function paged<Item>(items: readonly Item[], { query }: SimRequest, most = 50, usual = 10): SimAnswer {
    const page = pageOf(items, query, most, usual);
    if (page === 'size') return refuse(40011, 'page size is invalid');
    if (page === 'token') return refuse(40012, 'page token is invalid');
    return ok(page);
  }

  return {
    scopes(request: SimRequest): SimAnswer {
      const { scope } = knobs;
      const everything = [
        ...(scope?.openIds ?? membersOf(ROOT_DEPARTMENT).map(({ openId }) => openId)).map((id) => [
          'user',
          id,
        ]),
        ...(scope?.departmentIds ?? below(ROOT_DEPARTMENT, false).map(({ id }) => id)).map((id) => [
          'department',
          id,
        ]),
      ] as const;
      const page = pageOf(everything, request.query, 100, 50);
      if (typeof page === 'string') return refuse(40011, 'page size is invalid');
      const of = (kind: string) => page.items.flatMap(([what, id]) => (what === kind ? [id] : []));
      const { has_more, page_token } = page;
      return ok({
        department_ids: of('department'),
        user_ids: of('user'),
        group_ids: [],
        has_more,
        page_token,
      });
    },
    children(request: SimRequest): SimAnswer {
      const id = request.params['id'] ?? '';
      const deep = request.query.get('fetch_child') === 'true';
      if (id === ROOT_DEPARTMENT ? knobs.scope !== undefined : !inScope(id)) {
        return refuse(id === ROOT_DEPARTMENT ? 40014 : 40004, 'no dept authority error', 403);
      }
      if (deep && knobs.tooLarge.has(id)) return refuse(43010, 'the department is too large');
      return paged(below(id, deep).map(departmentShape), request);
    },
    departments(request: SimRequest): SimAnswer {
      const ids = request.query.getAll('department_ids');
      if (ids.length === 0 || ids.length > 50) return refuse(99992402, 'field validation failed');
      return ok({
        items: live()
          .filter(({ id }) => ids.includes(id) && inScope(id))
          .map(departmentShape),
      });
    },
    members(request: SimRequest): SimAnswer {
      const id = request.query.get('department_id') ?? '';
      if (id !== ROOT_DEPARTMENT && !inScope(id)) return refuse(40004, 'no dept authority error', 403);
      if (id === ROOT_DEPARTMENT && knobs.scope !== undefined)
        return refuse(40014, 'no parent authority', 403);
      return paged(membersOf(id).map(userShape), request);
    },
    users(request: SimRequest): SimAnswer {
      const ids = request.query.getAll('user_ids');
      if (ids.length === 0 || ids.length > 50) return refuse(99992402, 'field validation failed');
      const found = ids.flatMap((id) => world.people.get(id) ?? []).filter(sees);
      return ok({ items: found.map(userShape) });
    },
    user(request: SimRequest): SimAnswer {
      const person = world.people.get(request.params['id'] ?? '');
      if (person === undefined) return refuse(41012, 'user id invalid error');
      return sees(person) ? ok({ user: userShape(person) }) : refuse(41050, 'no user authority error');
    },
    userShape,
  };
}
