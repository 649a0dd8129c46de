import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadContent } from '#src/app/content.ts';
import { type Campaign, type CampaignFile, campaignById } from '#src/features/campaigns/index.ts';
import type { Db } from '#src/kernel/db.ts';
import { Temporal } from '#src/kernel/time.ts';
import { workdayCalendar } from '#src/kernel/workdays.ts';

const HEADINGS = '工号,姓名,部门编码,兼职部门编码,职务,时区,语言,角色,接口部门编码,入职日期,离职日期,水平';

/** A small company: one line each, as in a file of employees. */
export const company = [
  'E1,张小满,RD,,工程师,Asia/Shanghai,zh-CN,,,2020-01-06,,beginner',
  'E2,李想,RD,SALES,工程师,Asia/Shanghai,zh-CN,,,2020-01-06,,beginner',
  'E3,Emily Carter,SALES,,Account manager,America/New_York,en,,,2020-01-06,,beginner',
  'E4,王知行,SALES,,人事,Asia/Shanghai,zh-CN,hr,,2020-01-06,,advanced',
  'E5,何一鸣,SALES,,客户经理,Asia/Shanghai,zh-CN,,,2020-01-06,2026-09-18,beginner',
];

export interface SmallContent {
  /** Lines of a file of employees; the small company unless given. */
  people?: readonly string[];
  /** What differs from a campaign of 30 days that asks for the tap. */
  campaign?: Partial<CampaignFile>;
  /** How many tips; each has a question whose right answer is B, unless `questions` is false. */
  tips?: number;
  questions?: boolean;
}

export const campaignFile: CampaignFile = {
  id: 'small-campaign',
  name: '小活动',
  goal: '大家都用起来',
  zone: 'Asia/Shanghai',
  startsOn: 'first-run',
  days: 30,
  tipTime: '09:10',
  reminderTime: '16:40',
  audience: 'everyone',
  phases: [{ kind: 'warm-up', name: '预热', fromDay: 0, toDay: 29, focus: '认识' }],
  tasks: { mode: 'any', of: ['learn-tip'] },
  targets: { daily: 1, weekly: 5 },
  points: {
    checkIn: 5,
    answerRight: 2,
    streakBonus: [
      { days: 3, points: 10 },
      { days: 5, points: 50 },
    ],
  },
  noRepeatDays: 60,
  tips: [],
};

/** Writes a content folder such as `cuhuo import` reads; `remove` takes it away again. */
export async function contentFolder(
  content: SmallContent = {},
): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'cuhuo-content-'));
  await mkdir(join(path, 'organisation'));
  await mkdir(join(path, 'tips'));
  await writeFile(
    join(path, 'organisation/departments.csv'),
    '部门编码,部门名称,上级部门编码\nROOT,云帆,\nRD,研发部,ROOT\nSALES,销售部,ROOT\n',
  );
  const people = content.people ?? company;
  await writeFile(join(path, 'organisation/employees.csv'), `${[HEADINGS, ...people].join('\n')}\n`);
  // JSON is YAML too.
  await writeFile(
    join(path, 'campaign.yaml'),
    JSON.stringify({ ...campaignFile, ...content.campaign, ...phasesFor(content) }),
  );
  await writeFile(join(path, 'tips/tips.yaml'), JSON.stringify({ tips: tipsFor(content) }));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

function phasesFor({ campaign = {} }: SmallContent): Pick<CampaignFile, 'phases'> {
  const days = campaign.days ?? campaignFile.days;
  const phases = campaign.phases ?? campaignFile.phases;
  return { phases: phases.map((phase) => ({ ...phase, toDay: Math.min(phase.toDay, days - 1) })) };
}

function tipsFor({ tips = 40, questions = true }: SmallContent) {
  return Array.from({ length: tips }, (_, index) => ({
    id: `tip-${index + 1}`,
    title: `第 ${index + 1} 招`,
    body: '选中单元格，按 **Alt** 和等号。',
    try: '现在按一次。',
    feature: '求和',
    area: 'spreadsheets',
    level: 'beginner',
    scene: '做表',
    ...(questions
      ? {
          question: {
            text: '按哪个键？',
            options: ['Ctrl', 'Alt', 'Shift'],
            answer: 1,
            explanation: '就是 Alt。',
          },
        }
      : {}),
  }));
}

/** Loads small content into a database without an application; answers the campaign and the people's ids by number. */
export async function loadSmall(
  db: Db,
  at: string,
  content: SmallContent = {},
): Promise<{ campaign: Campaign; ids: Map<string, string> }> {
  const folder = await contentFolder(content);
  const loaded = await loadContent(db, folder.path, {
    at: Temporal.Instant.from(at),
    zone: 'Asia/Shanghai',
    calendar: workdayCalendar(),
    actor: { kind: 'system', id: 'test' },
    fileRoot: folder.path,
  });
  await folder.remove();
  const campaign = await campaignById(db, loaded.campaign?.campaignId ?? '');
  if (campaign === undefined) throw new Error('no campaign was loaded');
  return { campaign, ids: await idsByNumber(db) };
}

export async function idsByNumber(db: Db): Promise<Map<string, string>> {
  const { rows } = await db.execute<{ number: string; id: string }>('select number, id from employees');
  return new Map(rows.map(({ number, id }) => [number, id]));
}

/** Lines for so many people of one zone: `P1`, `P2`, … */
export function crowd(size: number, zone = 'Asia/Shanghai'): string[] {
  return Array.from(
    { length: size },
    (_, n) => `P${n + 1},员工${n + 1},RD,,,${zone},zh-CN,,,2020-01-06,,beginner`,
  );
}
