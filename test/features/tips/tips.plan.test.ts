import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'drizzle-orm';
import {
  type CampaignFile,
  campaignById,
  campaignFileSchema,
  loadCampaign,
} from '#src/features/campaigns/index.ts';
import { planOf, reorderTips } from '#src/features/tips/tips.plan.ts';
import { tipsOn } from '#src/features/tips/tips.service.ts';
import { newId } from '#src/kernel/ids.ts';
import { Temporal } from '#src/kernel/time.ts';
import { workdayCalendar } from '#src/kernel/workdays.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';

let database: TestDatabase;
let campaignId: string;
const at = Temporal.Instant.from('2026-11-02T00:00:00Z');
const monday = Temporal.PlainDate.from('2026-11-02');

const file = (tips: string[]): CampaignFile =>
  campaignFileSchema.parse({
    id: 'office',
    name: '新办公软件',
    goal: '用起来',
    zone: 'Asia/Shanghai',
    startsOn: '2026-11-02',
    days: 60,
    tipTime: '09:10',
    reminderTime: '16:40',
    audience: 'everyone',
    phases: [{ kind: 'sustain', name: '持续', fromDay: 0, toDay: 59, focus: '' }],
    tasks: { mode: 'any', of: ['learn-tip'] },
    points: { checkIn: 5 },
    tips,
  });
const load = (tips: string[]) =>
  loadCampaign(database.db, file(tips), { today: monday, calendar: workdayCalendar(), at });
const campaign = async () => {
  const found = await campaignById(database.db, campaignId);
  if (found === undefined) throw new Error('no campaign');
  return found;
};
const plan = async (days = 4, from = monday) =>
  planOf(database.db, await campaign(), { level: 'beginner', from, days });
const keysOf = ({ days }: Awaited<ReturnType<typeof plan>>) => days.map(({ tip }) => tip.key);

beforeAll(async () => {
  database = await testDatabase();
  for (const [position, key] of ['a', 'b', 'c', 'd'].entries()) {
    await database.db.execute(sql`
      insert into tips (id, key, title, body, try_now, feature, area, scene, tags, level, departments, position)
      values (${newId()}, ${key}, ${`技巧 ${key}`}, '正文', '试试', '功能', 'pdf', '', '{}', 'beginner', '{}', ${position})`);
  }
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.db.execute(sql`delete from tip_days`);
  await database.db.execute(sql`delete from campaign_days`);
  await database.db.execute(sql`delete from campaign_phases`);
  await database.db.execute(sql`delete from campaign_point_rules`);
  await database.db.execute(sql`delete from campaigns`);
  ({ campaignId } = await load(['c', 'a']));
});

describe('the content calendar', () => {
  it('shows what the coming workdays will bring, and that is what they bring', async () => {
    const planned = await plan(6);
    expect(planned.days.map(({ day }) => day.toString())).toEqual([
      '2026-11-02',
      '2026-11-03',
      '2026-11-04',
      '2026-11-05',
      '2026-11-06',
      '2026-11-09',
    ]);
    expect(keysOf(planned)).toEqual(['c', 'a', 'b', 'd', 'c', 'a']);
    expect(planned.order.map(({ key }) => key)).toEqual(['c', 'a', 'b', 'd']);
    const learner = { employeeId: newId(), level: 'beginner' } as const;
    for (const { day, tip } of planned.days) {
      const brought = await tipsOn(database.db, await campaign(), day, [learner], at);
      expect(brought.get(learner.employeeId)?.key).toBe(tip.key);
    }
  });

  it('follows a new order at once, but not on a day whose tip is chosen', async () => {
    const learner = { employeeId: newId(), level: 'beginner' } as const;
    await tipsOn(database.db, await campaign(), monday, [learner], at);
    await reorderTips(database.db, await campaign(), {
      order: ['d', 'c', 'b', 'a'],
      was: ['c', 'a', 'b', 'd'],
    });
    const planned = await plan();
    expect(keysOf(planned)).toEqual(['c', 'd', 'b', 'a']);
    expect(planned.days.map(({ chosen }) => chosen)).toEqual([true, false, false, false]);
  });

  it('refuses an order that was made from an older one, and a tip that is not in use', async () => {
    await reorderTips(database.db, await campaign(), { order: ['d', 'c', 'b', 'a'], was: undefined });
    await expect(
      reorderTips(database.db, await campaign(), { order: ['a'], was: ['c', 'a', 'b', 'd'] }),
    ).rejects.toMatchObject({ code: 'tip.order-changed' });
    await expect(
      reorderTips(database.db, await campaign(), { order: ['nothing'], was: undefined }),
    ).rejects.toMatchObject({ code: 'tip.not-found' });
    expect((await plan()).order.map(({ key }) => key)).toEqual(['d', 'c', 'b', 'a']);
  });

  it('keeps the order that somebody put when the same file is loaded again, until the file names another', async () => {
    await reorderTips(database.db, await campaign(), { order: ['d', 'c', 'b', 'a'], was: undefined });
    expect((await load(['c', 'a'])).outcome).toBe('unchanged');
    expect((await campaign()).tipOrder).toEqual(['d', 'c', 'b', 'a']);
    expect((await load(['b', 'a'])).outcome).toBe('updated');
    expect((await campaign()).tipOrder).toEqual(['b', 'a']);
  });
});
