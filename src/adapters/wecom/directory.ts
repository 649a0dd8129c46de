import { z } from 'zod';
import type {
  DirectoryHint,
  DirectoryPage,
  DirectorySource,
  PlatformPerson,
} from '../../chat/directory-source.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { Log } from '../../kernel/log.ts';
import type { WecomClient } from './client.ts';
import { userIdOf } from './decode.ts';

const ids = z.looseObject({
  department_id: z.array(z.object({ id: z.number(), parentid: z.number() })),
});
const department = z.looseObject({
  department: z.looseObject({ id: z.number(), name: z.string(), parentid: z.number().default(0) }),
});
const person = z.looseObject({
  userid: z.string().min(1),
  name: z.string().default(''),
  department: z.array(z.number()).default([]),
  main_department: z.number().optional(),
  position: z.string().default(''),
  alias: z.string().default(''),
  /** 1 active, 2 disabled, 4 has not joined yet, 5 left. Source: path/90196, read 2026-11-22. */
  status: z.number().default(1),
  open_userid: z.string().optional(),
  extattr: z
    .looseObject({
      attrs: z
        .array(z.looseObject({ name: z.string().default(''), value: z.string().default('') }))
        .default([]),
    })
    .catch({ attrs: [] })
    .optional(),
});
const people = z.looseObject({ userlist: z.array(person) });
const listed = z.looseObject({
  next_cursor: z.string().default(''),
  dept_user: z.array(z.object({ userid: z.string() })).default([]),
});

/** How an administrator may have named the attribute that holds 工号. */
const NUMBER_NAMES = ['工号', '员工号', '员工编号', 'employee no.', 'employee number'];

const TOO_LARGE = 45_029;
const PERSON_UNKNOWN = [60_111, 46_004, 40_003];
const HIDDEN = [60_011, 50_002, 60_021, 92_000];
/** Refusals of one department; everything else is about the app and would fail for each of them. */
const OF_ONE_DEPARTMENT = [TOO_LARGE, 60_003, 60_123, 60_011];

export interface WecomDirectory extends DirectorySource {
  tell(hint: DirectoryHint): void;
}

/**
 * People and departments by the app's token, which alone tells names: the app's visible range should be the root.
 * With the secret of contact-sync the complete list of ids is compared with what the app saw.
 *
 * `walk` reads the tree of ids first, then each department with its people, in the order of ids; its cursor is the id
 * of the last department read.
 */
export function createDirectory(deps: {
  account: string;
  client: WecomClient;
  contacts: WecomClient | undefined;
  log: Log;
}): WecomDirectory {
  const { account, client, contacts, log } = deps;
  let tell: (hint: DirectoryHint) => void = () => undefined;

  async function* walk(cursor?: string): AsyncIterable<DirectoryPage> {
    const tree = ids.parse(await client.call('department/simplelist'));
    const after = cursor === undefined || cursor === '' ? Number.NEGATIVE_INFINITY : Number(cursor);
    const todo = tree.department_id.map(({ id }) => id).sort((a, b) => a - b);
    const visible = new Set(todo);
    const seen = new Set<string>();
    for (const id of todo.filter((one) => one > after)) {
      const page = await pageOf(client, id, visible);
      for (const { platformId } of page.people) seen.add(platformId);
      yield page;
    }
    if (contacts !== undefined && after === Number.NEGATIVE_INFINITY) await compare(contacts, seen, log);
  }

  return {
    channel: 'wecom',
    account,
    walk,
    async person(platformId) {
      const reply = await client.ask('user/get', { query: { userid: platformId } });
      if (PERSON_UNKNOWN.includes(reply.errcode)) return 'gone';
      if (HIDDEN.includes(reply.errcode)) return 'hidden';
      if (reply.errcode !== 0) throw failure('user/get', reply.errcode);
      return personOf(person.parse(reply));
    },
    onHint(call) {
      tell = call;
    },
    tell: (hint) => tell(hint),
  };
}

async function pageOf(client: WecomClient, id: number, visible: ReadonlySet<number>): Promise<DirectoryPage> {
  const cursor = String(id);
  try {
    const answer = await client.call('department/get', { query: { id: String(id) } });
    const { department: one } = department.parse(answer);
    const members = await membersOf(client, id);
    return {
      departments: [
        {
          id: String(id),
          name: one.name,
          parentId: visible.has(one.parentid) ? String(one.parentid) : null,
        },
      ],
      people: members.map(personOf),
      cursor,
    };
  } catch (error) {
    if (!(error instanceof PlatformError) || !OF_ONE_DEPARTMENT.includes(Number(error.platformCode)))
      throw error;
    const failed = { what: `department ${id}`, reason: `${error.call} answered ${error.platformCode}` };
    return { departments: [], people: [], cursor, failed };
  }
}

/** With positions; where that answer is too large for WeCom, with names only. */
async function membersOf(client: WecomClient, id: number): Promise<z.output<typeof person>[]> {
  const query = { department_id: String(id) };
  const full = await client.ask('user/list', { query });
  if (full.errcode === 0) return people.parse(full).userlist;
  if (full.errcode !== TOO_LARGE) throw failure('user/list', full.errcode);
  return people.parse(await client.call('user/simplelist', { query })).userlist;
}

function personOf(one: z.output<typeof person>): PlatformPerson {
  const number = one.extattr?.attrs.find(({ name }) =>
    NUMBER_NAMES.includes(name.trim().toLowerCase()),
  )?.value;
  return {
    platformId: userIdOf(one.userid),
    otherIds: one.open_userid === undefined ? {} : { open_userid: one.open_userid },
    name: one.name,
    number: number === undefined || number.trim() === '' ? undefined : number.trim(),
    position: one.position === '' ? undefined : one.position,
    departmentIds: one.department.map(String),
    mainDepartmentId: one.main_department === undefined ? undefined : String(one.main_department),
    active: one.status === 1,
  };
}

const PAGE = 10_000;

/** Says how many people of the company the app does not see: nobody of them gets a message. */
async function compare(contacts: WecomClient, seen: ReadonlySet<string>, log: Log): Promise<void> {
  const all = new Set<string>();
  let cursor = '';
  do {
    const page = listed.parse(await contacts.call('user/list_id', { body: { cursor, limit: PAGE } }));
    for (const { userid } of page.dept_user) all.add(userIdOf(userid));
    cursor = page.next_cursor;
  } while (cursor !== '');
  const unseen = [...all].filter((id) => !seen.has(id)).length;
  if (unseen > 0)
    log.warn(
      { platform: 'wecom', unseen, of: all.size, advice: 'widen 可见范围 of the app to the root department' },
      'the app does not see everybody',
    );
}

function failure(call: string, errcode: number): PlatformError {
  return new PlatformError({ platform: 'wecom', call, platformCode: String(errcode), fate: 'give-up' });
}
