import { z } from 'zod';
import { isZone, Temporal } from '../kernel/time.ts';

const isoDay = z.iso.date({ error: 'is not a day; give one such as 2026-10-01' });
const days = (atMost: number) => whole(1, atMost);
const folder = z.string({ error: 'is not a path; give the path of a folder' }).min(1);

const timeOfDay = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: 'is not a time of day; give one such as "08:30", in quotes' });

const isoInstant = z.iso
  .datetime({ offset: true, error: 'is not an instant; give one such as 2026-03-02T09:00:00+08:00' })
  .transform((text) => Temporal.Instant.from(text));

const hostAndPort = (port: number) =>
  z.strictObject({ host: z.string().min(1), port: whole(1, 65_535).default(port) });

const menuWord = { name: z.string().min(1).max(40), word: z.string().min(1).max(40) };
const menuItem = z.strictObject({
  name: menuWord.name,
  word: menuWord.word.optional(),
  items: z.array(z.strictObject(menuWord)).min(1).max(5).optional(),
});
const MENU: z.input<typeof menuItem>[] = [
  { name: '打卡', word: '打卡' },
  { name: '今日技巧', word: '今日技巧' },
  {
    name: '更多',
    items: [
      { name: '我的记录', word: '我的' },
      { name: '排行榜', word: '排行榜' },
      { name: '帮助', word: '帮助' },
    ],
  },
];

const share = z.number({ error: 'is not a share; give a number from 0 to 1' }).min(0).max(1);

/** A model in the customer's network. It may keep a chat waiting for as long as the platforms bear at most. */
const endpoint = (timeoutMs: number) => ({
  url: z
    .url({ protocol: /^https?$/, error: 'is not such an address; give one such as http://10.0.0.5:8000/v1' })
    .transform((text) => text.replace(/\/+$/, '')),
  model: z.string().min(1).max(200),
  timeoutMs: whole(50, 2_500).default(timeoutMs),
  publicAddress: z.boolean().default(false),
});
const NOTICE = {
  'zh-CN':
    '为了开展促活活动，我们会记录：你的工号、姓名和部门；你打卡、答题和使用软件的日期与时间；发给你的消息是否送达。这些信息只用于活动统计和绩效核算，只有人事和你所在部门的接口人能看到；群里的普通聊天不会被保存。发送「我的数据」可以查看、下载或要求更正自己的数据，发送「申诉」可以请人复核结果。',
  en: "For this campaign we record your employee number, name and department; the days and times at which you check in, answer and use the software; and whether messages reached you. It is used for the campaign's figures and for performance alone, and seen by HR and the liaison of your department. Ordinary group chat is not kept. Send “my data” to see, copy or correct your data, and “appeal” to have a result reviewed by a person.",
};

/** What `config/cuhuo.yaml` may say. Every key has a default; a section whose keys are all commented out is empty. */
export const behaviourSchema = section({
  calendar: section({
    workdays: z.array(isoDay).default([]),
    daysOff: z.array(isoDay).default([]),
    years: z.array(whole(2000, 2100)).default([]),
  }),
  zone: z
    .string()
    .refine(isZone, { error: 'is not a time zone; give one such as Asia/Shanghai' })
    .default('Asia/Shanghai'),
  content: section({ campaign: folder.default('config/content/office-suite') }),
  clock: section({ startAt: isoInstant.optional() }),
  redis: section({
    sentinels: z.array(hostAndPort(26_379)).min(1).optional(),
    name: z.string().min(1).optional(),
    cluster: z.array(hostAndPort(6379)).min(1).optional(),
  }),
  messages: section({
    quiet: z
      .array(z.strictObject({ from: timeOfDay, to: timeOfDay }))
      .max(6)
      .default([
        { from: '20:30', to: '08:00' },
        { from: '12:00', to: '13:30' },
      ]),
    perDay: whole(1, 50).default(4),
    perWeek: whole(1, 200).default(16),
    digestAt: timeOfDay.default('17:30'),
  }),
  notices: section({
    approvalAbove: z.int().min(0).max(1_000_000).default(50),
    approvalHours: whole(1, 24 * 60).default(72),
    perLiaisonPerDay: whole(1, 100).default(3),
    draftMinutes: whole(1, 24 * 60).default(30),
    sensitiveWords: z.array(z.string().trim().min(1).max(60)).max(2_000).default([]),
  }),
  amnesty: section({
    from: timeOfDay.default('09:00'),
    to: timeOfDay.default('18:00'),
    share: whole(1, 100).default(25),
    gapMinutes: whole(1, 240).default(5),
  }),
  flags: section({
    seconds: whole(1, 600).default(15),
    days: whole(2, 60).default(5),
    of: whole(2, 60).default(10),
    people: whole(2, 100).default(3),
    foreignCards: whole(2, 1000).default(3),
  }),
  privacy: section({
    notice: z
      .strictObject({ 'zh-CN': z.string().min(1).max(1500), en: z.string().min(1).max(3000) })
      .default(NOTICE),
    basis: z.enum(['institution', 'consent']).default('institution'),
    contact: z.string().min(1).max(100).default('人事部'),
  }),
  retention: section({
    deliveries: days(3650).default(730),
    foreignTaps: days(3650).default(90),
    health: days(3650).default(90),
    dataRequests: days(3650).default(1095),
    dataCopies: days(3650).default(7),
  }),
  exports: section({
    keepDays: days(3650).default(30),
    secondApproverAbove: z.int().min(0).max(100_000_000).default(200_000),
  }),
  inbox: section({ keepDays: days(3650).default(30) }),
  faq: section({
    embedding: z
      .strictObject({
        ...endpoint(500),
        atLeast: share.default(0.6),
        lead: share.default(0.03),
      })
      .optional(),
    languageModel: z.strictObject(endpoint(1_500)).optional(),
  }),
  wecom: section({
    accountLimit: whole(1, 10_000_000).default(500),
    menu: z.array(menuItem).max(3).default(MENU),
  }),
});
export type Behaviour = z.output<typeof behaviourSchema>;

/** What does not fit together although each key is right by itself, as lines that begin with the key. */
export function behaviourProblems(behaviour: Behaviour, redisUrl: string | undefined): string[] {
  const { sentinels, name, cluster } = behaviour.redis;
  const spread = sentinels === undefined ? 'redis.cluster' : 'redis.sentinels';
  const problems: string[] = [];
  if (behaviour.flags.days > behaviour.flags.of)
    problems.push(
      'flags.days: must not be more than flags.of; give a part of the workdays that are looked at',
    );
  if (behaviour.amnesty.to <= behaviour.amnesty.from)
    problems.push(
      'amnesty.to: must be later than amnesty.from; give the end of the window in which people check in',
    );
  if (sentinels !== undefined && cluster !== undefined)
    problems.push('redis.cluster: stands beside redis.sentinels; give one of the two');
  if (sentinels !== undefined && name === undefined)
    problems.push('redis.name: is missing; give the name of the primary that the sentinels watch');
  if ((sentinels ?? cluster) !== undefined && redisUrl === undefined)
    problems.push(`${spread}: needs REDIS_URL, which gives user, password, database and TLS`);
  return problems;
}

function whole(from: number, to: number) {
  const error = `is not such a number; give a whole number from ${from} to ${to}`;
  return z.int({ error }).min(from, { error }).max(to, { error });
}

/** An object of keys that all have a default, which is therefore itself optional. */
function section<Shape extends z.ZodRawShape>(shape: Shape) {
  const keys = z.strictObject(shape);
  return keys.nullish().transform((value) => value ?? keys.parse({}));
}
