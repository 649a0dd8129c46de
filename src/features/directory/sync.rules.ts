import type { PlatformDepartment, PlatformPerson } from '../../chat/directory-source.ts';
import type { Channel } from '../../chat/event.ts';
import type { DepartmentRow, EmployeeRow } from './directory.columns.ts';

/** WeCom takes `ZhangSan` and `zhangsan` for one; the others compare letter by letter. */
export const idForm = (channel: Channel, id: string): string => (channel === 'wecom' ? id.toLowerCase() : id);

/** A code of our own for what comes from a platform: its ids are only unique there. */
export const codeOf = (channel: Channel, platformId: string): string =>
  `${channel}:${platformId}`.slice(0, 64);

/** How many of those linked to an account may leave by one run: 5 %, and always one. */
export const mostRemoved = (linked: number): number => Math.ceil(linked * 0.05);

export interface KnownCode {
  code: string;
  name: string;
  parentCode: string | null;
}

/**
 * The code of each department: the one it is linked to, else that of a department of the same name in the same place
 * which nothing of this account is linked to yet, else a new one. Parents are named before their children.
 */
export function departmentCodes(
  channel: Channel,
  seen: readonly PlatformDepartment[],
  linked: ReadonlyMap<string, string>,
  known: readonly KnownCode[],
): Map<string, string> {
  const codes = new Map<string, string>();
  const free = new Map(
    known
      .filter(({ code }) => !new Set(linked.values()).has(code))
      .map((one) => [`${one.parentCode ?? ''} ${one.name}`, one.code]),
  );
  for (const department of parentsFirst(seen)) {
    const place = `${codes.get(department.parentId ?? '') ?? ''} ${department.name}`;
    const code = linked.get(department.id) ?? free.get(place) ?? codeOf(channel, department.id);
    free.delete(place);
    codes.set(department.id, code);
  }
  return codes;
}

/** Whose parent was not seen stands at the top; a circle is cut where it is entered. */
function parentsFirst(seen: readonly PlatformDepartment[]): PlatformDepartment[] {
  const byId = new Map(seen.map((department) => [department.id, department]));
  const ordered = new Set<PlatformDepartment>();
  for (const start of seen) {
    const way: PlatformDepartment[] = [];
    let at: PlatformDepartment | undefined = start;
    while (at !== undefined && !ordered.has(at) && !way.includes(at)) {
      way.push(at);
      at = byId.get(at.parentId ?? '');
    }
    for (const department of way.reverse()) ordered.add(department);
  }
  return [...ordered];
}

/** A department as a row of a file. Where the app does not see what is above, what is known of it stays. */
export function departmentRow(
  department: PlatformDepartment,
  line: number,
  codes: ReadonlyMap<string, string>,
): DepartmentRow {
  const code = codes.get(department.id) ?? '';
  const parent = department.parentId === null ? undefined : codes.get(department.parentId);
  return { line, cells: { code, name: department.name, ...(parent === undefined ? {} : { parent }) } };
}

/** A person who works here as a row of a file; whatever the platform does not tell stays as it is. */
export function personRow(
  person: PlatformPerson,
  line: number,
  given: { number: string; codes: ReadonlyMap<string, string> },
): EmployeeRow {
  const posts = person.departmentIds.flatMap((id) => given.codes.get(id) ?? []);
  const main = given.codes.get(person.mainDepartmentId ?? '') ?? posts[0] ?? '';
  const position = person.position?.trim().slice(0, 100);
  return {
    line,
    cells: {
      number: given.number,
      name: person.name.trim().slice(0, 100) || given.number,
      department: main,
      secondPosts: posts.filter((code) => code !== main).join(';'),
      ...(position === undefined || position === '' ? {} : { position }),
    },
  };
}

export interface Linked {
  employeeId: string;
  number: string;
  platformId: string;
}

export interface Matched {
  person: PlatformPerson;
  number: string;
}

/**
 * Who is who: by the platform's id, else by 工号, else somebody new. Two accounts that claim one 工号 are one person only
 * where one of them is linked to it already; the other is reported and left alone.
 */
export function matchPeople(
  channel: Channel,
  seen: readonly PlatformPerson[],
  linked: readonly Linked[],
  numbers: ReadonlySet<string>,
): { matched: Matched[]; doubtful: PlatformPerson[] } {
  const numberOf = new Map(linked.map((one) => [idForm(channel, one.platformId), one.number]));
  const taken = new Map<string, string>();
  const matched: Matched[] = [];
  const doubtful: PlatformPerson[] = [];
  const known = (person: PlatformPerson): boolean => numberOf.has(idForm(channel, person.platformId));
  for (const person of [...seen].sort((a, b) => Number(known(b)) - Number(known(a)))) {
    const given = person.number?.trim();
    const fallback = given !== undefined && given !== '' ? given : codeOf(channel, person.platformId);
    const number = numberOf.get(idForm(channel, person.platformId)) ?? fallback;
    const isOurs = known(person) || !numbers.has(number) || number === given;
    if (!isOurs || (taken.has(number) && !known(person))) doubtful.push(person);
    else {
      taken.set(number, person.platformId);
      matched.push({ person, number });
    }
  }
  return { matched, doubtful };
}
