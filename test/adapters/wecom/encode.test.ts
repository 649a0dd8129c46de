import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { renderCard } from '#src/adapters/wecom/card.ts';
import { APP_CARD, ROBOT_CARD } from '#src/adapters/wecom/card-sizes.ts';
import { type Encoded, encode } from '#src/adapters/wecom/encode.ts';
import { ROBOT_BYTES, TEXT_BYTES, WAYS, WEBHOOK_BYTES } from '#src/adapters/wecom/limits.ts';
import { cutBytes, plainOf } from '#src/adapters/wecom/words.ts';
import type { SealedCard } from '#src/chat/message.ts';
import { readCard } from '#src/simulators/wecom/cards.ts';
import { aCard } from './support.ts';

type Content = Extract<Encoded, { kind: 'content' }>;

function encoded(card: SealedCard, way: string = WAYS.one): Content {
  const result = encode({ kind: 'card', card }, way, 'task-1');
  if (result.kind !== 'content') throw new Error(JSON.stringify(result));
  return result;
}

const button = (label: string, word?: string) => ({
  label,
  tone: 'plain' as const,
  actionId: `id-${label}`,
  ...(word === undefined ? {} : { word }),
});
const choice = (name: string, labels: readonly string[]) => ({
  name,
  label: `问题 ${name}`,
  kind: 'choice' as const,
  options: labels.map((label, index) => ({ value: String(index), label })),
});

describe('a card', () => {
  it.each<[string, string, Partial<SealedCard>]>([
    ['with buttons is pressed', 'button_interaction', {}],
    [
      'with one question and one button is a vote',
      'vote_interaction',
      { inputs: [choice('q', ['一', '二'])], buttons: [button('提交')] },
    ],
    [
      'with two questions and one button has two selects',
      'multiple_interaction',
      { inputs: [choice('q', ['一', '二']), choice('r', ['三'])], buttons: [button('提交')] },
    ],
    [
      'with one question and two buttons has a select above them',
      'button_interaction',
      { inputs: [choice('q', ['一', '二'])], buttons: [button('提交'), button('换一题')] },
    ],
    [
      'without buttons that leads somewhere is a notice',
      'text_notice',
      { buttons: [], body: '报名看这里：[培训报名](https://intranet.example.com/sign-up)' },
    ],
  ])('%s', (_name, type, more) => {
    const { msgtype, content } = encoded(aCard(more));
    expect(msgtype).toBe('template_card');
    expect(content).toMatchObject({ card_type: type });
    expect(typeof readCard(content)).toBe('object');
  });

  it('without buttons that leads nowhere is markdown: WeCom takes no notice without a link', () => {
    const { msgtype, content } = encoded(aCard({ buttons: [], facts: [{ label: '连续', value: '4 天' }] }));
    expect(msgtype).toBe('markdown');
    expect(content['content']).toContain('连续：4 天');
  });

  it('without buttons, longer than a notice, with one link, is a text card that opens it', () => {
    const body = `${'周五停电，请提前保存。'.repeat(20)}[安排](https://intranet.example.com/plan) <a href="x">`;
    const { msgtype, content, shortcomings } = encoded(aCard({ buttons: [], body, footer: '行政部' }));
    expect(msgtype).toBe('textcard');
    expect(content).toMatchObject({ title: '今日技巧', url: 'https://intranet.example.com/plan' });
    expect(content['description']).toMatch(/安排 ＜a href="x">\n<div class="gray">行政部<\/div>$/);
    expect(shortcomings).toEqual([]);
    // With facts, or beyond 512 characters, words show more.
    expect(encoded(aCard({ buttons: [], body, facts: [{ label: '几点', value: '18:00' }] })).msgtype).toBe(
      'markdown',
    );
    expect(
      encode({ kind: 'card', card: aCard({ buttons: [], body: body.repeat(3) }) }, WAYS.one, 't'),
    ).toMatchObject({
      kind: 'refused',
    });
  });

  it('with a picture and no buttons is a picture notice, within the shapes that WeCom takes', () => {
    const image = { path: 'pictures/a.png', alt: '新按钮' };
    const wide = { url: 'https://wework.qpic.cn/a', ratio: 9 };
    const card = aCard({ buttons: [], image, body: '看图' });
    const notice = encode({ kind: 'card', card }, WAYS.one, 't', wide);
    expect(notice).toMatchObject({
      msgtype: 'template_card',
      content: { card_type: 'news_notice', card_image: { url: wide.url, aspect_ratio: 2.25 } },
      shortcomings: [],
    });
    if (notice.kind === 'content') expect(typeof readCard(notice.content)).toBe('object');
  });

  it('with a picture and buttons leads to it by a row, and the pre-flight hears so', () => {
    const image = { path: 'pictures/a.png', alt: '新按钮' };
    const facts = Array.from({ length: 6 }, (_, n) => ({ label: `项${n}`, value: String(n) }));
    const picture = { url: 'https://wework.qpic.cn/a', ratio: 1 };
    const result = encode({ kind: 'card', card: aCard({ image, facts }) }, WAYS.one, 't', picture);
    expect(result).toMatchObject({
      content: { card_type: 'button_interaction' },
      shortcomings: [{ kind: 'image-linked', what: '新按钮' }],
    });
    if (result.kind !== 'content') return;
    const rows = result.content['horizontal_content_list'] as unknown[];
    expect(rows).toHaveLength(6);
    expect(rows[0]).toMatchObject({ type: 1, url: picture.url });
    expect(JSON.stringify(result.content)).toContain('项5：5');
    expect(typeof readCard(result.content)).toBe('object');
  });

  it('explains options that are too long for a select by letters', () => {
    const inputs = [choice('q', ['插上原来的硬盘再打开那个文件看看有没有', '登录同一个账号'])];
    const { content } = encoded(aCard({ inputs, buttons: [button('提交')] }));
    expect(content).toMatchObject({ checkbox: { option_list: [{ text: 'A' }, { text: 'B' }] } });
    expect(JSON.stringify(content)).toContain('A　插上原来的硬盘再打开那个文件看看有没有');
  });

  it('shows a label in full above when the button would cut it off', () => {
    const { content } = encoded(aCard({ buttons: [button('1. 忘记了登录密码应该怎么找回')] }));
    expect(content).toMatchObject({
      sub_title_text: expect.stringContaining('1. 忘记了登录密码应该怎么找回'),
    });
  });

  it('that is too long for a card is said in words, with the words to type, and the preview says so', () => {
    const long = aCard({ body: '字'.repeat(600), buttons: [button('打卡', '打卡'), button('有用')] });
    const { msgtype, content, shortcomings } = encoded(long);
    expect(msgtype).toBe('markdown');
    expect(content['content']).toContain('回复 **打卡** 就行');
    expect(shortcomings).toEqual([
      { kind: 'in-words', what: '' },
      { kind: 'button-lost', what: '有用' },
    ]);
  });

  it('says that text cannot be filled in, to the person and in the preview', () => {
    const inputs = [{ name: 'note', label: '心得', kind: 'text' as const }];
    const { content, shortcomings } = encoded(aCard({ inputs }));
    expect(JSON.stringify(content)).toContain('“心得”在企业微信里还填不了');
    expect(shortcomings).toEqual([{ kind: 'input-lost', what: '心得' }]);
  });

  it('in a group push and an app chat has no buttons but words', () => {
    for (const way of [WAYS.webhook, WAYS.appchat]) {
      const { msgtype, content } = encoded(aCard(), way);
      expect(msgtype).toBe('markdown');
      expect(content['content']).toContain('回复 **打卡** 就行');
    }
  });

  it('cannot call anybody or colour anything: angle brackets are only signs', () => {
    const { content } = encoded(aCard({ body: '<@all> <font color="warning">x</font>', buttons: [] }));
    expect(content['content']).not.toContain('<');
  });
});

describe('every card that the product can write', () => {
  const words = (most: number) => fc.string({ unit: 'grapheme', minLength: 1, maxLength: most });
  const cards = fc.record({
    title: words(120),
    tone: fc.constantFrom('plain', 'good', 'notice', 'warm'),
    body: fc.oneof(words(80), words(400)),
    facts: fc.array(fc.record({ label: words(40), value: words(60) }), { maxLength: 8 }),
    progress: fc.record({ value: fc.double({ min: 0, max: 1, noNaN: true }), label: words(80) }),
    inputs: fc.uniqueArray(
      fc.record({
        name: fc.stringMatching(/^[a-z]{1,8}$/),
        label: words(64),
        kind: fc.constantFrom('text', 'choice'),
        options: fc.uniqueArray(
          fc.record({ value: fc.stringMatching(/^[a-z0-9]{1,8}$/), label: words(120) }),
          { minLength: 1, maxLength: 10, selector: ({ value }) => value },
        ),
      }),
      { maxLength: 5, selector: ({ name }) => name },
    ),
    buttons: fc.uniqueArray(
      fc.record({
        label: words(32),
        tone: fc.constantFrom('primary', 'plain', 'quiet', 'danger'),
        actionId: fc.stringMatching(/^[\w-]{20,1024}$/),
        word: fc.option(words(32), { nil: undefined }),
      }),
      { maxLength: 6, selector: ({ actionId }) => actionId },
    ),
    footer: words(200),
  }) as fc.Arbitrary<SealedCard>;

  it.each([
    [WAYS.one, TEXT_BYTES],
    [WAYS.robot, ROBOT_BYTES],
    [WAYS.appchat, TEXT_BYTES],
    [WAYS.webhook, WEBHOOK_BYTES],
  ])('by %s is one that WeCom takes, or is refused by us', (way, bytes) => {
    fc.assert(
      fc.property(cards, (card) => {
        const result = encode({ kind: 'card', card }, way, 'task-1');
        if (result.kind === 'refused') expect(result.reason).toBe('card-too-large');
        else if (result.kind === 'content' && result.msgtype === 'template_card')
          expect(typeof readCard(result.content)).toBe('object');
        else if (result.kind === 'content') {
          expect(result.msgtype).toBe('markdown');
          expect(Buffer.byteLength(String(result.content['content']))).toBeLessThanOrEqual(bytes);
        }
      }),
    );
  });

  it.each([APP_CARD, ROBOT_CARD])('can replace a card that is already there', (sizes) => {
    fc.assert(
      fc.property(cards, (card) => {
        const rendered = renderCard(card, { sizes, taskId: 'task-1', replacing: true });
        expect(typeof readCard(rendered?.card)).toBe('object');
      }),
    );
  });
});

describe('a text', () => {
  it('that is too long is cut between characters, and says so', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 60 }),
        fc.integer({ min: 12, max: 60 }),
        (text, most) => {
          const cut = cutBytes(text, most, '…');
          expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(most);
          expect(cut === text || (cut.endsWith('…') && text.startsWith(cut.slice(0, -1)))).toBe(true);
        },
      ),
    );
  });

  it('cannot become a link', () => {
    const result = encode({ kind: 'text', text: '<a href="http://x">点我</a> 1 < 2' }, WAYS.one, 't');
    expect(result).toMatchObject({ content: { content: expect.not.stringContaining('<a') } });
    expect(result).toMatchObject({ content: { content: expect.stringContaining('1 < 2') } });
  });
});

it.each([
  ['按 **Ctrl+C** 复制', '按 Ctrl+C 复制'],
  ['- 一\n- 二', '• 一\n• 二'],
  ['看 [这里](https://a.example/b)。', '看 这里。'],
  ['# 标题\n> 引用', '标题\n引用'],
  ['3*4*5 与 snake_case_name', '3*4*5 与 snake_case_name'],
  ['`=SUM(A1)` *斜体*', '=SUM(A1) 斜体'],
])('the words of %j are %j', (markdown, plain) => {
  expect(plainOf(markdown)).toBe(plain);
});
