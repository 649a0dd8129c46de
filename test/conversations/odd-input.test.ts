import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cardIn, wordsOf } from '../support/conversation.ts';
import { type SmallApp, smallApp } from '../support/small-app.ts';

let the: SmallApp;
beforeAll(async () => {
  the = await smallApp({ startAt: '2026-09-18T02:00:00Z' });
});
afterAll(() => the.close());

const answersTo = async (words: string): Promise<string[]> =>
  (await the.as('E1').says(words)).messages.map(wordsOf);

describe('words that are not ours', () => {
  it.each([
    ['今天天气怎么样', '「今天天气怎么样」我还不太明白。'],
    ['🎉🎉', '「🎉🎉」我还不太明白。'],
    ['？？？', '「???」我还不太明白。'],
    ['***', '我在呢。'],
    ['   ', '我在呢。'],
    ['@促活', '我在呢。'],
    ['\u0000', '我在呢。'],
    ['\ud83d', '我在呢。'],
    ['长'.repeat(30), `「${'长'.repeat(20)}…」我还不太明白。`],
    ['👩‍💻'.repeat(30), '我还不太明白。'],
  ])('are met with help: %j', async (said, answer) => {
    const heard = await answersTo(said);
    expect(heard).toHaveLength(1);
    expect(heard[0]).toContain(answer);
    expect(heard[0]).toContain('**帮助**');
  });

  it.each([
    ['[点我](https://evil.example)'],
    ['<b>粗</b>'],
    ['**加粗** `代码` ~~删~~'],
    ['# 标题'],
    ['![图](https://evil.example/a.png)'],
    ['| 表 | 格 |'],
    ['```'],
  ])('cannot smuggle markdown into the answer: %s', async (said) => {
    const [heard = ''] = await answersTo(said);
    const quoted = heard.slice(0, heard.indexOf('」') + 1);
    expect(quoted).not.toMatch(/[*_`[\]()<>#|\\~!]/);
  });

  it.each([
    ['大卡', '打卡'],
    ['排行傍', '排行榜'],
    ['rankng', 'ranking'],
    ['hlep', 'help'],
    ['打咔', '打卡'],
  ])('that are mistyped find the near one: %s → %s', async (said, meant) => {
    const card = cardIn((await the.as('E1').says(said)).messages);
    expect(card.body).toBe(`「${said}」我没看懂，你是想说「${meant}」吗？点一下就好。`);
    expect(card.buttons.map(({ label }) => label)).toEqual([meant]);
  });

  it('the near one can be pressed', async () => {
    const card = cardIn((await the.as('E1').says('排行傍')).messages);
    const heard = await the.as('E1').taps(card, '排行榜');
    expect(heard.messages.map(wordsOf).join()).toContain('还没有人上榜呢');
  });

  it('of ten thousand characters get a short answer', async () => {
    expect(await answersTo('长'.repeat(10_000))).toEqual([
      '这段话有点长，我一次只能读 4,000 个字。挑重点再发一次好吗？',
    ]);
  });
});

describe('words that are ours', () => {
  it.each([
    '帮助',
    ' 帮 助 ',
    '帮助！',
    'HELP',
    'ｈｅｌｐ',
    '@促活 帮助',
    '＠促活　帮助',
    '帮助 @促活',
    '🙏帮助🙏',
  ])('are understood as %j', async (said) => {
    expect((await answersTo(said))[0]).toContain('我能帮你做这些');
  });
});

describe('帮助', () => {
  it('lists what this person can do, each on a line of its own', async () => {
    const [help = ''] = await answersTo('帮助');
    for (const line of ['- 打卡：', '- 今日技巧：', '- 我的：', '- 排行榜：', '- 帮助：'])
      expect(help).toContain(line);
  });

  it('shows the words of a role to whoever has it and to nobody else', async () => {
    const forHr = the.app.commands.of({ ...actor, roles: ['hr'] }).map(({ name }) => name);
    const forAll = the.app.commands.of({ ...actor, roles: [] }).map(({ name }) => name);
    const [help = ''] = await answersTo('帮助');
    const [hrHelp = ''] = (await the.as('E4').says('帮助')).messages.map(wordsOf);
    expect(hrHelp.split('\n- ')).toHaveLength(forHr.length + 1);
    expect(help.split('\n- ')).toHaveLength(forAll.length + 1);
    expect(forHr).toEqual(expect.arrayContaining(forAll));
  });

  const actor = {
    employeeId: randomUUID(),
    number: 'E1',
    name: 'x',
    zone: 'Asia/Shanghai',
    locale: 'zh-CN' as const,
    level: 'beginner' as const,
    channel: 'sandbox' as const,
  };
});

describe('opening the chat', () => {
  it('is greeted once', async () => {
    const first = await the.as('E2').opensChat();
    expect(first.messages.map(wordsOf)).toEqual([expect.stringContaining('李想，你好，我是促活小助手')]);
    expect((await the.as('E2').opensChat()).messages).toEqual([]);
    await the.moveTo('2026-09-21T02:00:00Z');
    expect((await the.as('E2').opensChat()).messages).toEqual([]);
  });

  it('is greeted once also when it is told ten times at once', async () => {
    await Promise.all(Array.from({ length: 10 }, () => the.as('E4').opensChat()));
    const greetings = (await the.as('E4').inbox())
      .map(wordsOf)
      .filter((words) => words.includes('你好，我是促活'));
    expect(greetings).toHaveLength(1);
  });
});

describe('a file', () => {
  it('is acknowledged, and nothing is pretended', async () => {
    const heard = await the.as('E1').does({ kind: 'file', name: '报表.xlsx', fileId: 'f1' });
    expect(heard.messages.map(wordsOf)).toEqual([
      '文件我收到了，不过我还不会看文件。有事直接打字告诉我就好。',
    ]);
  });
});
