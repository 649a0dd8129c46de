import type { Handler } from './calls.ts';
import { OapiRefusal } from './refusals.ts';
import type { SimulatedDepartment, SimulatedPerson, State } from './state.ts';
import { say } from './values.ts';

const MOST_A_PAGE = 100;

/** The directory as the app may see it, one level and one page at a time. */
export function directoryHandlers(state: State): Record<string, Handler> {
  const isHidden = (id: number): boolean => {
    const department = state.departments.get(id);
    if (department === undefined) return false;
    return department.hidden === true || (department.parent !== null && isHidden(department.parent));
  };

  function department(body: Record<string, unknown>): SimulatedDepartment {
    const id = Number(body['dept_id'] ?? 1);
    const found = state.departments.get(id);
    if (found === undefined) throw new OapiRefusal(60003, '部门不存在');
    if (isHidden(id)) throw new OapiRefusal(50004, '请求的部门id不在授权范围内');
    return found;
  }

  const row = (person: SimulatedPerson) => ({
    userid: person.userid,
    unionid: person.unionid,
    name: person.name,
    job_number: person.jobNumber,
    title: person.title,
    dept_id_list: person.departments,
    active: person.active,
  });

  return {
    'POST /topapi/v2/department/listsub': ({ body }) => {
      const { id } = department(body);
      const below = [...state.departments.values()].filter((one) => one.parent === id && !isHidden(one.id));
      return { result: below.map((one) => ({ dept_id: one.id, name: one.name, parent_id: id })) };
    },

    'POST /topapi/v2/department/get': ({ body }) => {
      const { id, name, parent } = department(body);
      return { result: { dept_id: id, name, parent_id: parent ?? undefined } };
    },

    'POST /topapi/v2/user/list': ({ body }) => {
      const { id } = department(body);
      const size = Number(body['size']);
      const cursor = Number(body['cursor']);
      if (!(size >= 1 && size <= MOST_A_PAGE) || !(cursor >= 0)) throw new OapiRefusal(40035, '不合法的参数');
      const members = [...state.people.values()].filter(({ departments }) => departments.includes(id));
      const list = members.slice(cursor, cursor + size).map(row);
      const has_more = cursor + size < members.length;
      return { result: { has_more, ...(has_more ? { next_cursor: cursor + size } : {}), list } };
    },

    'POST /topapi/v2/user/get': ({ body }) => {
      const person = state.people.get(say(body['userid']));
      if (person === undefined) throw new OapiRefusal(60121, '找不到该用户');
      if (person.departments.every(isHidden)) throw new OapiRefusal(50002, '请求的员工userid不在授权范围内');
      return { result: row(person) };
    },

    'POST /topapi/user/getbyunionid': ({ body }) => {
      const person = [...state.people.values()].find(({ unionid }) => unionid === say(body['unionid']));
      if (person === undefined) throw new OapiRefusal(60121, '找不到该用户');
      return { result: { contact_type: 0, userid: person.userid } };
    },
  };
}
