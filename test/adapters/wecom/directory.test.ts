import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { createClient } from '#src/adapters/wecom/client.ts';
import { createDirectory, type WecomDirectory } from '#src/adapters/wecom/directory.ts';
import type { DirectoryHint, DirectoryPage } from '#src/chat/directory-source.ts';
import type { WecomSimulator } from '#src/simulators/wecom/index.ts';
import { optionsFor, startPlatform, startWecom } from './support.ts';

let simulator: WecomSimulator;
let lines: string[] = [];
const log = pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) });

beforeAll(async () => {
  simulator = await startPlatform();
  const { client } = simulator;
  client.addDepartment({ id: 3, name: '财务部' });
  client.addDepartment({ id: 9, name: '应付组', parentid: 3 });
  client.addPerson({ userid: 'Chen.Q', name: '陈青', departments: [9, 2], position: '会计' });
  client.addPerson({ userid: 'paused', name: '停用的人', departments: [3], status: 2 });
  client.addPerson({ userid: 'outside', name: '范围外', departments: [3], inRange: false });
});
afterAll(() => simulator.close());
beforeEach(() => {
  lines = [];
});

function directory(contacts = false): WecomDirectory {
  const { app } = optionsFor(simulator);
  const clientOf = (secret: string) => createClient({ ...app, secret, log });
  return createDirectory({
    account: app.corpId,
    client: clientOf(app.secret),
    contacts: contacts ? clientOf(simulator.world.contactSecret) : undefined,
    log,
  });
}

async function pages(source: WecomDirectory, cursor?: string): Promise<DirectoryPage[]> {
  const all: DirectoryPage[] = [];
  for await (const page of source.walk(cursor)) all.push(page);
  return all;
}

describe('a walk', () => {
  it('tells every department once, and everybody in the range with all their posts', async () => {
    const all = await pages(directory());
    const departments = all.flatMap(({ departments: found }) => found);
    expect(departments).toEqual([
      { id: '1', name: '总公司', parentId: null },
      { id: '2', name: '研发部', parentId: '1' },
      { id: '3', name: '财务部', parentId: '1' },
      { id: '9', name: '应付组', parentId: '3' },
    ]);
    const people = new Map(all.flatMap(({ people: found }) => found).map((one) => [one.platformId, one]));
    expect([...people.keys()].sort()).toEqual(['anna', 'ben', 'chen.q', 'paused']);
    expect(people.get('chen.q')).toMatchObject({
      name: '陈青',
      position: '会计',
      departmentIds: ['9', '2'],
      mainDepartmentId: '9',
      active: true,
    });
    expect(people.get('paused')?.active).toBe(false);
  });

  it('goes on after a cursor, also in another process', async () => {
    const [, second] = await pages(directory());
    const rest = await pages(directory(), second?.cursor);
    expect(rest.flatMap(({ departments }) => departments.map(({ id }) => id))).toEqual(['3', '9']);
  });

  it('names a department that could not be read and goes on: nobody may be removed because of it', async () => {
    simulator.fails('user/list', { kind: 'errcode', errcode: 60_003 });
    const all = await pages(directory());
    expect(all.filter(({ failed }) => failed !== undefined)).toMatchObject([
      { people: [], failed: { what: 'department 1', reason: 'user/list answered 60003' } },
    ]);
    expect(all).toHaveLength(4);
  });

  it('asks for names only where the answer would be too large', async () => {
    simulator.fails('user/list', { kind: 'errcode', errcode: 45_029 });
    expect((await pages(directory())).every(({ failed }) => failed === undefined)).toBe(true);
    expect(simulator.calls('user/simplelist')).toBe(1);
  });

  it.each([60_020, 45_009, 48_002])(
    'stops as a whole where the app itself is refused (%i)',
    async (errcode) => {
      simulator.fails('user/list', { kind: 'errcode', errcode });
      await expect(pages(directory())).rejects.toMatchObject({ platformCode: String(errcode) });
    },
  );

  it('with contact-sync says how many people the app does not see', async () => {
    await pages(directory(true));
    expect(lines.join()).toContain('"unseen":1');
    expect(lines.join()).not.toContain('outside');
  });
});

describe('one person', () => {
  it('is found whatever the case of the id, gone, or hidden', async () => {
    const source = directory();
    expect(await source.person('CHEN.q')).toMatchObject({ platformId: 'chen.q', name: '陈青' });
    expect(await source.person('nobody')).toBe('gone');
    expect(await source.person('outside')).toBe('hidden');
  });

  it('that cannot be asked for is not gone', async () => {
    simulator.fails('user/get', { kind: 'errcode', errcode: -1 });
    await expect(directory().person('anna')).rejects.toMatchObject({ platformCode: '-1' });
  });
});

it('changes of contact-sync arrive as hints, with the same token and key and without an agent id', async () => {
  const the = await startWecom(async () => ({}));
  const hints: DirectoryHint[] = [];
  the.adapter.directory?.onHint((hint) => hints.push(hint));
  const pushed = await the.simulator.client.contactChanges({ ChangeType: 'delete_user', UserID: 'Chen.Q' });
  expect(pushed.status).toBe(200);
  expect(hints).toEqual([{ kind: 'person', platformId: 'chen.q' }]);
  expect(the.events).toEqual([]);
  await the.close();
});
