import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { DirectoryPage, DirectorySource } from '#src/chat/directory-source.ts';
import { type Opened, openOffice } from './opened.ts';

let the: Opened;
let source: DirectorySource;
beforeAll(async () => {
  the = await openOffice({ listens: false });
  the.simulator.addDepartment({ id: 8, name: '研发一组', parent: 7 });
  the.simulator.addDepartment({ id: 9, name: '董事会', parent: 1, hidden: true });
  for (let n = 0; n < 130; n += 1)
    the.simulator.addPerson({ userid: `dev${n}`, jobNumber: `D${n}`, title: '工程师', departments: [8, 7] });
  the.simulator.addPerson({ userid: 'chair', departments: [9] });
  source = the.adapter.directory as DirectorySource;
});
afterAll(async () => the.close());

async function pagesOf(walk: AsyncIterable<DirectoryPage>): Promise<DirectoryPage[]> {
  const pages: DirectoryPage[] = [];
  for await (const page of walk) pages.push(page);
  return pages;
}
const idsOf = (pages: readonly DirectoryPage[]): Set<string> =>
  new Set(pages.flatMap(({ people }) => people.map(({ platformId }) => platformId)));

it('walks everybody and every department that the app may see, without a metered call', async () => {
  const before = the.simulator.counts.metered;
  const pages = await pagesOf(source.walk());
  expect(pages.flatMap(({ departments }) => departments)).toEqual([
    { id: '1', name: '公司', parentId: null },
    { id: '7', name: '研发部', parentId: '1' },
    { id: '8', name: '研发一组', parentId: '7' },
  ]);
  expect(idsOf(pages).size).toBe(132);
  expect(idsOf(pages).has('chair')).toBe(false);
  expect(pages.every(({ failed }) => failed === undefined)).toBe(true);
  expect(the.simulator.counts.metered).toBe(before);
});

it('goes on after a page as if it had never stopped', async () => {
  const whole = await pagesOf(source.walk());
  const first = whole.slice(0, 3);
  const rest = await pagesOf(source.walk(first.at(-1)?.cursor));
  expect(idsOf([...first, ...rest])).toEqual(idsOf(whole));
  expect(first.length + rest.length).toBe(whole.length);
});

it('names what it could not read and goes on', async () => {
  the.simulator.breaks({ path: /user\/list/, kind: 'permission' });
  const pages = await pagesOf(source.walk());
  expect(pages.flatMap(({ failed }) => failed ?? [])).toEqual([{ what: 'department 1', reason: '60011' }]);
  expect(idsOf(pages).size).toBe(132);
});

it('waits when it is told to, and tries again', async () => {
  the.simulator.breaks({ path: /listsub/, kind: 'qps' }, { path: /user\/list/, kind: 'busy' });
  const pages = await pagesOf(source.walk());
  expect(pages.every(({ failed }) => failed === undefined)).toBe(true);
});

it('tells one person with all ids, whoever is gone, and whoever may not be seen', async () => {
  expect(await source.person('dev1')).toEqual({
    platformId: 'dev1',
    otherIds: { unionid: 'union-dev1' },
    name: 'dev1',
    number: 'D1',
    position: '工程师',
    departmentIds: ['8', '7'],
    mainDepartmentId: undefined,
    active: true,
  });
  expect(await source.person('nobody')).toBe('gone');
  expect(await source.person('chair')).toBe('hidden');
});
