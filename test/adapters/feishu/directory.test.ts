import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { DirectoryPage, DirectorySource } from '#src/chat/directory-source.ts';
import { refuse } from '#src/simulators/feishu/answers.ts';
import { type FeishuSetUp, setUp } from './support.ts';

let up: FeishuSetUp;
let source: DirectorySource;
let deep: string;
beforeEach(async () => {
  up = await setUp({ mode: 'webhook', simulator: { rates: 'off' } });
  const { world } = up.feishu;
  const { id: top } = world.addDepartment({ name: '研发部' });
  deep = world.addDepartment({ name: '客户端', parentId: top }).id;
  for (let n = 0; n < 120; n += 1)
    world.addPerson({ name: `员工 ${n}`, number: `N${n}`, departmentIds: [deep] });
  source = up.adapter.directory as DirectorySource;
});
afterEach(() => up.close());

async function walked(cursor?: string): Promise<DirectoryPage[]> {
  const pages: DirectoryPage[] = [];
  for await (const page of source.walk(cursor)) pages.push(page);
  return pages;
}
const namesIn = (pages: DirectoryPage[]) =>
  new Set(pages.flatMap(({ people }) => people.map(({ name }) => name)));

describe('the directory of Feishu', () => {
  it('is read whole: departments below departments, and people of the root', async () => {
    const pages = await walked();
    expect(pages.flatMap(({ departments }) => departments.map(({ name }) => name)).sort()).toEqual([
      '客户端',
      '研发部',
    ]);
    expect(namesIn(pages).size).toBe(122);
    expect(pages.filter(({ failed }) => failed !== undefined)).toEqual([]);
    expect(pages.flatMap(({ people }) => people).find(({ name }) => name === '员工 7')).toMatchObject({
      number: 'N7',
      departmentIds: [deep],
      mainDepartmentId: deep,
      active: true,
    });
  });

  it('goes on after any page, and then has read the same', async () => {
    const whole = await walked();
    for (const [index, { cursor }] of whole.entries()) {
      const rest = await walked(cursor);
      expect(namesIn([...whole.slice(0, index + 1), ...rest])).toEqual(namesIn(whole));
    }
    expect(await walked(whole.at(-1)?.cursor)).toEqual([]);
  });

  it('is read level by level where a department is too large', async () => {
    up.feishu.directory.tooLarge.add('0');
    expect(namesIn(await walked()).size).toBe(122);
  });

  it('of an app with a narrow scope is what was granted', async () => {
    up.feishu.directory.scope = { departmentIds: [deep], openIds: [up.anna] };
    const pages = await walked();
    expect(pages[0]?.departments).toMatchObject([{ id: deep, parentId: null }]);
    expect(namesIn(pages).size).toBe(121);
  });

  it('names the part that could not be read, and reads the rest', async () => {
    const call = 'contact/v3/users/find_by_department';
    up.feishu.faults.add({ call, kind: { answer: refuse(40004, 'no dept authority error', 403) } });
    const pages = await walked();
    expect(pages.flatMap(({ failed }) => failed ?? [])).toMatchObject([
      { what: expect.stringContaining('members of') },
    ]);
    expect(namesIn(pages).size).toBe(120);
  });

  it('survives a stumble of the platform', async () => {
    up.feishu.faults.add({ call: 'contact/v3/users/find_by_department', kind: 'lost' });
    expect(namesIn(await walked()).size).toBe(122);
  });

  it('tells who is gone from who is hidden', async () => {
    expect(await source.person(up.anna)).toMatchObject({ name: '王小安', number: 'E1' });
    expect(await source.person('ou_nobody')).toBe('gone');
    up.feishu.directory.scope = { departmentIds: [deep], openIds: [] };
    expect(await source.person(up.anna)).toBe('hidden');
  });

  it('hints lead to one person', async () => {
    const hints: unknown[] = [];
    source.onHint((hint) => hints.push(hint));
    await up.feishu.people.changed(up.anna, 'updated');
    await up.feishu.events.emit('contact.scope.updated_v3', { added: {}, removed: {} });
    expect(hints).toEqual([{ kind: 'person', platformId: up.anna }, { kind: 'everything' }]);
  });
});
