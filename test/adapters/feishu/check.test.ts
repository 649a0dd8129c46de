import { afterEach, describe, expect, it } from '@jest/globals';
import { checkFeishu } from '#src/adapters/feishu/check.ts';
import { systemClock } from '#src/kernel/time.ts';
import { type FeishuSimulator, startFeishuSimulator } from '#src/simulators/feishu/index.ts';
import { settingsFor } from './support.ts';

let feishu: FeishuSimulator;
afterEach(() => feishu.close());

async function problems(change: (it: FeishuSimulator) => void, appSecret?: string): Promise<string[]> {
  feishu = await startFeishuSimulator({ port: 0 });
  feishu.world.addPerson({ name: '王小安' });
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
});
