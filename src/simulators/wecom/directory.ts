import { z } from 'zod';
import { json } from './messages.ts';
import { fine, refused } from './replies.ts';
import type { TokenOwner } from './tokens.ts';
import { personOf, type SimPerson, type World } from './world.ts';

/** Departments and people, as far as this token may see them: an app its range, contact-sync only ids. */
export function directoryCall(
  world: World,
  owner: TokenOwner,
  path: string,
  query: URLSearchParams,
  raw: string,
): Record<string, unknown> | undefined {
  const id = Number(query.get('department_id') ?? query.get('id') ?? 1);
  switch (path) {
    case 'department/simplelist':
      return departments(world, query.get('id') === null ? 1 : id, (all) =>
        fine({ department_id: all.map((one) => ({ id: one.id, parentid: one.parentid, order: one.order })) }),
      );
    case 'department/list':
      return owner === 'contact'
        ? refused(48_009)
        : departments(world, query.get('id') === null ? 1 : id, (all) => fine({ department: all }));
    case 'department/get': {
      if (owner === 'contact') return refused(48_009);
      const department = world.departments.get(id);
      return department === undefined ? refused(60_003) : fine({ department });
    }
    case 'user/list':
    case 'user/simplelist': {
      if (owner === 'contact') return refused(48_009);
      if (!world.departments.has(id)) return refused(60_003);
      const people = [...world.people.values()].filter(
        (one) => one.inRange && one.departments.includes(id) && one.status !== 5,
      );
      return fine({
        userlist: people.map((one) =>
          path === 'user/list'
            ? detail(one)
            : { userid: one.userid, name: one.name, department: one.departments },
        ),
      });
    }
    case 'user/get': {
      if (owner === 'contact') return refused(48_009);
      const person = personOf(world, query.get('userid') ?? '');
      if (person === undefined) return refused(60_111);
      return person.inRange ? fine(detail(person)) : refused(60_011);
    }
    case 'user/list_id':
      return owner === 'app' ? refused(48_002) : listIds(world, raw);
    case 'batch/openuserid_to_userid': {
      const { open_userid_list } = z
        .object({ open_userid_list: z.array(z.string()).max(1000) })
        .catch({ open_userid_list: [] })
        .parse(json(raw));
      const known = open_userid_list.flatMap((open) => {
        const person = [...world.people.values()].find(({ userid }) => openIdOf(userid) === open);
        return person === undefined ? [] : [{ open_userid: open, userid: person.userid }];
      });
      const found = new Set(known.map(({ open_userid }) => open_userid));
      return fine({
        userid_list: known,
        invalid_open_userid_list: open_userid_list.filter((open) => !found.has(open)),
      });
    }
    default:
      return undefined;
  }
}

/** The encrypted id that a robot shows unless its creator is a super-administrator. */
export const openIdOf = (userid: string): string =>
  `wo${Buffer.from(`open ${userid.toLowerCase()}`).toString('base64url').padEnd(30, '0')}`;

function departments(
  world: World,
  from: number,
  answer: (
    all: World['departments'] extends Map<number, infer One> ? One[] : never,
  ) => Record<string, unknown>,
): Record<string, unknown> {
  if (!world.departments.has(from)) return refused(60_003);
  const found = new Set([from]);
  for (let grew = true; grew; ) {
    grew = false;
    for (const one of world.departments.values()) {
      if (found.has(one.parentid) && !found.has(one.id)) {
        found.add(one.id);
        grew = true;
      }
    }
  }
  return answer([...world.departments.values()].filter(({ id }) => found.has(id)));
}

/** What a self-built app of today sees: no phone, no mail, no picture. */
function detail(one: SimPerson): Record<string, unknown> {
  return {
    userid: one.userid,
    name: one.name,
    department: one.departments,
    order: one.departments.map(() => 0),
    position: one.position,
    is_leader_in_dept: one.departments.map(() => 0),
    status: one.status,
    main_department: one.departments[0] ?? 1,
    gender: '0',
  };
}

function listIds(world: World, raw: string): Record<string, unknown> {
  const { cursor, limit } = z
    .object({ cursor: z.string().default(''), limit: z.number().int().min(1).max(10_000).default(10_000) })
    .catch({ cursor: '', limit: 10_000 })
    .parse(json(raw));
  const all = [...world.people.values()]
    .filter(({ status }) => status !== 5)
    .flatMap(({ userid, departments: of }) => of.map((department) => ({ userid, department })));
  const from = cursor === '' ? 0 : Number(cursor);
  const next = from + limit;
  return fine({ next_cursor: next < all.length ? String(next) : '', dept_user: all.slice(from, next) });
}
