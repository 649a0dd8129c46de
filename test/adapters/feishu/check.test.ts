import { afterEach, describe, expect, it } from '@jest/globals';
import { checkFeishu } from '#src/adapters/feishu/check.ts';
import { probes } from '#src/adapters/feishu/check-scopes.ts';
import { systemClock } from '#src/kernel/time.ts';
import { type FeishuSimulator, startFeishuSimulator } from '#src/simulators/feishu/index.ts';
import { settingsFor } from './support.ts';

let feishu: FeishuSimulator;
afterEach(() => feishu.close());

async function problems(change: (it: FeishuSimulator) => void, appSecret?: string): Promise<string[]> {
  feishu = await startFeishuSimulator({ port: 0 });
  feishu.world.addPerson({ name: '王小安', number: 'E1' });
  change(feishu);
  const settings = settingsFor(feishu, 'webhook');
  const checked = await checkFeishu({ ...settings, appSecret: appSecret ?? settings.appSecret }, systemClock);
  return checked.flatMap(({ problem }) => problem ?? []);
}

describe('the check-list of the console', () => {
  it('finds nothing where all is done', async () => {
    expect(await problems(() => undefined)).toEqual([]);
  });

  it.each<[string, (it: FeishuSimulator) => void, string]>([
    ['the bot', (it) => Object.assign(it.app, { botEnabled: false }), '机器人'],
    ['a published version', (it) => Object.assign(it.app, { activateStatus: 0 }), '版本管理与发布'],
    ['the approval of a version', (it) => Object.assign(it.app, { activateStatus: 4 }), '应用审核'],
    ['our address on the IP list', (it) => Object.assign(it.app, { ipRefused: true }), 'IP 白名单'],
    ['the field 工号', (it) => void it.directory.hidden.add('employee_no'), 'contact:user.employee:readonly'],
    ['an API scope', (it) => Object.assign(it.app, { grantedScopes: new Set() }), '权限管理'],
    [
      'the contact scope',
      (it) => Object.assign(it.directory, { scope: { departmentIds: [], openIds: [] } }),
      '通讯录权限范围',
    ],
  ])('says where %s is missing', async (_name, change, words) => {
    expect((await problems(change)).join()).toContain(words);
  });

  it('says that the secret is wrong, and asks nothing more', async () => {
    expect(await problems(() => undefined, 'wrong')).toEqual([
      expect.stringContaining('CUHUO_FEISHU_APP_SECRET'),
    ]);
  });

  it.each([
    'im:message',
    'im:message:recall',
    'im:message.urgent',
    'im:message:send_multi_users',
    'im:resource',
    'contact:contact.base:readonly',
    'contact:department.organize:readonly',
  ])('names the scope %s alone when it alone is missing', async (missing) => {
    const all = probes.map(({ scope }) => scope).filter((scope) => scope !== missing);
    feishu = await startFeishuSimulator({ port: 0 });
    feishu.world.addPerson({ name: '王小安', number: 'E1' });
    feishu.app.grantedScopes = new Set(all);
    const checked = await checkFeishu(settingsFor(feishu, 'webhook'), systemClock);
    const named = checked.flatMap(({ step, problem }) => (problem === undefined ? [] : [step]));
    expect(named).toContain(`scope ${missing}`);
    expect(named.filter((step) => step.startsWith('scope '))).toHaveLength(1);
  });

  it('sends nothing and changes nothing', async () => {
    await problems(() => undefined);
    expect([...feishu.world.chats.values()].flatMap(({ messages }) => messages)).toEqual([]);
    expect(feishu.world.files.size).toBe(0);
  });

  it('asks for the address of the long connection, and says what stands in its way', async () => {
    feishu = await startFeishuSimulator({ port: 0 });
    feishu.world.addPerson({ name: '王小安', number: 'E1' });
    const settings = settingsFor(feishu, 'websocket');
    const find = async () =>
      (await checkFeishu(settings, systemClock)).find(({ step }) => step === 'long connection');
    expect(await find()).toMatchObject({ problem: undefined });
    feishu.connection.refuse(1_000_040_350);
    expect((await find())?.problem).toContain('50');
    expect(feishu.connection.connections()).toBe(0);
  });
});
