import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ChannelAdapter, Dispatch, InstantAnswer, Receive, SendResult } from '#src/chat/adapter.ts';
import type { ChatEvent } from '#src/chat/event.ts';
import type { SealedCard, SealedMessage } from '#src/chat/message.ts';
import type { Way } from '#src/chat/quota.ts';
import { PlatformError } from '#src/kernel/errors.ts';
import { PICTURE } from './pictures.ts';

/** One message as a person finds it in their client. */
export interface Seen {
  /** As the platform calls it: what `send` answered, and what taps and reads name. */
  messageId: string;
  kind: 'text' | 'card' | 'file' | 'image' | 'recalled';
  /** The words of a text, the name of a file; of a card everything that it shows, in any order. */
  words: string;
  /** Labels of the buttons that can be pressed. */
  buttons: string[];
  /** The picture that it shows or leads to, byte for byte. */
  picture?: Buffer | undefined;
}

export type Where = { person: string } | { group: string };

/** What a person can do with the platform's own client. A simulator plays it. */
export interface ChannelDriver {
  adapter: ChannelAdapter;
  /** Platform ids: two members of the group, and somebody whom the platform does not know. */
  people: { anna: string; ben: string; stranger: string };
  groupId: string;
  /** A file of five bytes, `hello`, as the sender would name it. */
  file: Extract<SealedMessage, { kind: 'file' }>;
  /** Where the picture `PICTURE` lies, and a file that is none, as the sender would name them. */
  pictures: { real: string; fake: string };
  /** How many pictures the platform has been given. */
  uploads(): number;
  /** What stands in a private chat with the bot, or in a group; oldest first. */
  seen(where: Where): Promise<Seen[]>;
  /** The bytes that a click on a file message downloads. */
  opens(messageId: string, person: string): Promise<string>;
  /** Types something, in private or in the group. Resolves after our answer to the platform. */
  says(person: string, text: string, options?: { group?: string; mention?: boolean }): Promise<void>;
  /** Presses a button with what was filled in. Resolves to what the person sees at once. */
  taps(
    person: string,
    messageId: string,
    label: string,
    inputs?: Record<string, string>,
  ): Promise<{ toast?: string }>;
  /** Looks at a message. */
  reads(person: string, messageId: string): Promise<void>;
  /** Delivers the last event again, as the platform does after a lost answer. */
  redelivers(): Promise<void>;
  close(): Promise<void>;
}

/** What a platform cannot do; the suite then says so by a skipped sentence. */
export type Lack =
  | 'repeat'
  | 'update'
  | 'recall'
  | 'read-receipt'
  | 'group-card'
  | 'group-text'
  | 'form-input'
  | 'toast';

/**
 * The behaviour that every channel shows. `make` starts the platform (or its simulator) and our adapter, which hands
 * its events to `receive`.
 */
export function adapterContract(
  name: string,
  make: (receive: Receive) => Promise<ChannelDriver>,
  options: { lacks?: readonly Lack[] } = {},
): void {
  const unless = (lack: Lack) => (options.lacks?.includes(lack) === true ? it.skip : it);

  describe(`${name} keeps the channel contract`, () => {
    let driver: ChannelDriver;
    let events: ChatEvent[] = [];
    let answer: InstantAnswer = {};
    let keys = 0;

    beforeAll(async () => {
      driver = await make(async (event) => {
        events.push(event);
        return answer;
      });
    });
    afterAll(async () => driver.close());

    const toAnna = (message: SealedMessage): Dispatch => dispatch({ person: driver.people.anna }, message);
    const dispatch = (where: Where, message: SealedMessage): Dispatch => {
      keys += 1;
      const to: Dispatch['to'] =
        'person' in where
          ? { kind: 'person', platformId: where.person }
          : { kind: 'group', chatId: where.group };
      return { key: `contract-${keys}`, to, message };
    };

    /** Sends and expects it to be taken; answers the platform's id. */
    async function sent(one: Dispatch): Promise<string> {
      const [result] = await driver.adapter.send([one], wayOf(one).name);
      if (result?.kind !== 'delivered' && result?.kind !== 'accepted')
        throw new Error(`sent: ${result?.kind}`);
      return result.platformMessageId;
    }

    /** The way by which a message can be touched afterwards, where there is one. */
    function wayOf({ message, to }: Dispatch): Way {
      const taking = driver.adapter.ways.filter((way) => way.takes(message, to));
      const way = taking.find(({ serves }) => serves === 'single') ?? taking[0];
      if (way === undefined) throw new Error(`no way takes ${message.kind} to a ${to.kind}`);
      return way;
    }

    async function sendAll(set: readonly Dispatch[]): Promise<SendResult[]> {
      const results: SendResult[] = [];
      for (const one of set) results.push(...(await driver.adapter.send([one], wayOf(one).name)));
      return results;
    }

    async function lastSeen(where: Where): Promise<Seen | undefined> {
      return (await driver.seen(where)).at(-1);
    }

    /** The one event that `deed` causes; read receipts of the client itself do not count. */
    async function eventOf<Kind extends ChatEvent['payload']['kind']>(
      kind: Kind,
      deed: () => Promise<unknown>,
    ): Promise<ChatEvent & { payload: Extract<ChatEvent['payload'], { kind: Kind }> }> {
      events = [];
      await deed();
      const ofKind = events.filter((event) => event.payload.kind === kind);
      expect(ofKind).toHaveLength(1);
      return ofKind[0] as ChatEvent & { payload: Extract<ChatEvent['payload'], { kind: Kind }> };
    }

    describe('sending', () => {
      it('becomes ready', async () => {
        // A long connection needs its moment; the runner's time limit ends a wait that has no end.
        while ((await driver.adapter.readiness()) !== undefined)
          await new Promise((resolve) => setTimeout(resolve, 20));
        expect(await driver.adapter.readiness()).toBeUndefined();
      });

      it('brings a text', async () => {
        const messageId = await sent(toAnna({ kind: 'text', text: '早上好，今天学一招？' }));
        expect(await lastSeen({ person: driver.people.anna })).toMatchObject({
          messageId,
          kind: 'text',
          words: '早上好，今天学一招？',
        });
      });

      it('brings a card with everything that it says', async () => {
        await sent(toAnna({ kind: 'card', card: exampleCard() }));
        const seen = await lastSeen({ person: driver.people.anna });
        expect(seen).toMatchObject({ kind: 'card', buttons: ['打卡', '换一招'] });
        for (const words of ['今日技巧', '截图', '连续', '3 天', '剩余 5 天'])
          expect(seen?.words).toContain(words);
      });

      it('brings a file that can be opened', async () => {
        const messageId = await sent(toAnna(driver.file));
        expect(await lastSeen({ person: driver.people.anna })).toMatchObject({
          kind: 'file',
          words: driver.file.name,
        });
        expect(await driver.opens(messageId, driver.people.anna)).toBe('hello');
      });

      it('brings a picture', async () => {
        await sent(toAnna({ kind: 'image', path: driver.pictures.real, alt: '截图按钮在哪里' }));
        const seen = await lastSeen({ person: driver.people.anna });
        expect(seen?.kind).toBe('image');
        expect(seen?.picture).toEqual(PICTURE);
      });

      it('brings a card with its picture, with and without buttons', async () => {
        const image = { path: driver.pictures.real, alt: '截图按钮在哪里' };
        for (const buttons of [exampleCard().buttons, []]) {
          const { inputs: _inputs, ...card } = exampleCard();
          await sent(toAnna({ kind: 'card', card: { ...card, image, buttons } }));
          const seen = await lastSeen({ person: driver.people.anna });
          expect(seen?.words).toContain('今日技巧');
          expect(seen?.buttons).toEqual(buttons.map(({ label }) => label));
          expect(seen?.picture).toEqual(PICTURE);
        }
      });

      it('gives a picture to the platform once, however many people and cards show it', async () => {
        const before = driver.uploads();
        const image = { path: driver.pictures.real, alt: '' };
        for (const person of [driver.people.anna, driver.people.ben]) {
          await sent(dispatch({ person }, { kind: 'image', ...image }));
          await sent(dispatch({ person }, { kind: 'card', card: { ...exampleCard(), image } }));
        }
        expect(driver.uploads()).toBe(before);
      });

      it('refuses what is no picture, and what is not there', async () => {
        const before = driver.uploads();
        const results = await sendAll(
          [driver.pictures.fake, 'pictures/none.png', '../../../etc/passwd'].map((path) =>
            toAnna({ kind: 'image', path, alt: '' }),
          ),
        );
        expect(results).toEqual([
          { kind: 'refused', reason: 'image-unreadable' },
          { kind: 'refused', reason: 'image-missing' },
          { kind: 'refused', reason: 'image-missing' },
        ]);
        expect(driver.uploads()).toBe(before);
      });

      unless('group-text')('brings a text to a group', async () => {
        await sent(dispatch({ group: driver.groupId }, { kind: 'text', text: '本周培训周四下午三点' }));
        expect(await lastSeen({ group: driver.groupId })).toMatchObject({ words: '本周培训周四下午三点' });
      });

      unless('group-card')('brings a card to a group', async () => {
        await sent(dispatch({ group: driver.groupId }, { kind: 'card', card: exampleCard() }));
        expect(await lastSeen({ group: driver.groupId })).toMatchObject({ kind: 'card' });
      });

      it('answers one result per dispatch, in order, and does not let one failure stop the rest', async () => {
        const { anna, ben, stranger } = driver.people;
        const set = [ben, stranger, anna].map((person) =>
          dispatch({ person }, { kind: 'text', text: `给 ${person}` }),
        );
        const results = await sendAll(set);
        expect(results).toHaveLength(3);
        expect(results[1]).toMatchObject({ kind: 'unreachable', reason: expect.any(String) });
        for (const person of [anna, ben]) {
          expect(await lastSeen({ person })).toMatchObject({ words: `给 ${person}` });
        }
        const at = [ben, undefined, anna];
        for (const [index, person] of at.entries()) {
          const result = results[index];
          if (person === undefined || result?.kind !== 'delivered') continue;
          expect((await lastSeen({ person }))?.messageId).toBe(result.platformMessageId);
        }
      });

      it('brings one text to several people in one call, and names those whom it cannot reach', async () => {
        const { anna, ben, stranger } = driver.people;
        const text = { kind: 'text' as const, text: '本周五下午停机维护，请提前保存' };
        const set = [ben, stranger, anna].map((person) => dispatch({ person }, text));
        const way = driver.adapter.ways.find(
          ({ batchSize, takes }) =>
            batchSize >= set.length && set.every(({ message, to }) => takes(message, to)),
        );
        if (way === undefined) return;
        const results = await driver.adapter.send(set, way.name);
        expect(results.map(({ kind }) => kind)).toEqual([
          expect.stringMatching(/delivered|accepted/),
          expect.stringMatching(/unreachable|refused/),
          expect.stringMatching(/delivered|accepted/),
        ]);
        for (const person of [anna, ben])
          expect(await lastSeen({ person })).toMatchObject({ words: text.text });
      });

      it('answers nothing for nothing', async () => {
        for (const { name } of driver.adapter.ways) expect(await driver.adapter.send([], name)).toEqual([]);
      });

      unless('repeat')('reaches the person once, however often the same key is sent', async () => {
        const one = toAnna({ kind: 'text', text: '只出现一次' });
        expect(wayOf(one).repeatsSafely).toBe(true);
        const first = await sent(one);
        expect(await sent(one)).toBe(first);
        await Promise.all([sent(one), sent(one)]);
        const seen = await driver.seen({ person: driver.people.anna });
        expect(seen.filter((message) => message.words === '只出现一次')).toHaveLength(1);
      });

      it('takes a text of exactly the declared size, and refuses or cuts a longer one', async () => {
        const { maxTextBytes } = driver.adapter.limits;
        const where = { person: driver.people.anna };
        const most = fill(maxTextBytes);
        await sent(toAnna({ kind: 'text', text: most }));
        expect((await lastSeen(where))?.words).toBe(most);

        const before = (await driver.seen(where)).length;
        const [result] = await sendAll([toAnna({ kind: 'text', text: `${most}多了几个字` })]);
        if (result?.kind === 'refused') expect(await driver.seen(where)).toHaveLength(before);
        else {
          expect(['delivered', 'accepted']).toContain(result?.kind);
          expect(Buffer.byteLength((await lastSeen(where))?.words ?? '')).toBeLessThanOrEqual(maxTextBytes);
        }
      });

      it('refuses a card larger than declared', async () => {
        const facts = Array.from({ length: 20 }, (_, index) => ({
          label: `项目 ${index}`,
          value: '字'.repeat(200),
        }));
        const body = fill(driver.adapter.limits.maxCardBytes);
        const [result] = await sendAll([toAnna({ kind: 'card', card: { ...exampleCard(), body, facts } })]);
        expect(result).toMatchObject({ kind: 'refused', reason: expect.any(String) });
      });
    });

    describe('changing what was sent', () => {
      unless('update')('shows the updated card in place of the old one', async () => {
        const messageId = await sent(toAnna({ kind: 'card', card: exampleCard() }));
        const count = (await driver.seen({ person: driver.people.anna })).length;
        await driver.adapter.update(messageId, { ...exampleCard(), title: '已打卡', buttons: [] });
        const seen = await driver.seen({ person: driver.people.anna });
        expect(seen).toHaveLength(count);
        expect(seen.at(-1)).toMatchObject({
          kind: 'card',
          buttons: [],
          words: expect.stringContaining('已打卡'),
        });
      });

      unless('recall')('takes a message back', async () => {
        const messageId = await sent(toAnna({ kind: 'text', text: '发错了' }));
        expect(await driver.adapter.recall(messageId)).toBe('recalled');
        const seen = await driver.seen({ person: driver.people.anna });
        expect(
          seen.filter((message) => message.kind !== 'recalled').map((message) => message.words),
        ).not.toContain('发错了');
      });

      unless('update')('gives up on a message that the platform does not know', async () => {
        const failure = await driver.adapter
          .update('no-such-message', exampleCard())
          .catch((error: unknown) => error);
        expect(failure).toBeInstanceOf(PlatformError);
        expect(failure).toMatchObject({ fate: 'give-up' });
      });
    });

    describe('hearing', () => {
      it('hears what somebody types in private', async () => {
        const { anna } = driver.people;
        const event = await eventOf('text', () => driver.says(anna, '打卡'));
        expect(event).toMatchObject({
          channel: driver.adapter.channel,
          account: driver.adapter.account,
          actor: anna,
          place: { kind: 'private' },
          payload: { kind: 'text', text: '打卡' },
        });
        expect(event.key).not.toBe('');
      });

      it('hears a mention in a group, and who it was', async () => {
        const { ben } = driver.people;
        const event = await eventOf('text', () =>
          driver.says(ben, '排行榜', { group: driver.groupId, mention: true }),
        );
        expect(event).toMatchObject({
          actor: ben,
          place: { kind: 'group', chatId: driver.groupId, mentioned: true },
          payload: { text: expect.stringContaining('排行榜') },
        });
      });

      it('does not take group talk for something said to the bot', async () => {
        events = [];
        await driver.says(driver.people.ben, '中午吃什么', { group: driver.groupId });
        expect(events.filter(({ place }) => place.kind === 'private' || place.mentioned)).toEqual([]);
      });

      it('gives two messages two keys', async () => {
        const first = await eventOf('text', () => driver.says(driver.people.anna, '帮助'));
        const second = await eventOf('text', () => driver.says(driver.people.anna, '帮助'));
        expect(second.key).not.toBe(first.key);
      });

      it('gives a redelivered event the same key and the same moment', async () => {
        const first = await eventOf('text', () => driver.says(driver.people.anna, '我的'));
        const again = await eventOf('text', () => driver.redelivers());
        expect(again.key).toBe(first.key);
        expect(again.occurredAt.equals(first.occurredAt)).toBe(true);
        expect(again.payload).toEqual(first.payload);
      });

      it('carries the action id of a pressed button back unchanged', async () => {
        const messageId = await sent(toAnna({ kind: 'card', card: exampleCard() }));
        const { anna } = driver.people;
        const event = await eventOf('action', () => driver.taps(anna, messageId, '换一招'));
        expect(event).toMatchObject({
          actor: anna,
          place: { kind: 'private' },
          payload: { actionId: LONG_ACTION_ID },
        });
      });

      unless('form-input')('carries what was filled in with the button', async () => {
        const messageId = await sent(toAnna({ kind: 'card', card: exampleCard() }));
        const inputs = { choice: 'b', note: '很有用 "引号" <b>' };
        const event = await eventOf('action', () =>
          driver.taps(driver.people.anna, messageId, '打卡', inputs),
        );
        expect(event.payload).toMatchObject({ actionId: 'action-one', inputs });
      });

      it('shows the instant answer to whoever pressed', async () => {
        const messageId = await sent(toAnna({ kind: 'card', card: exampleCard() }));
        answer = { toast: '打卡成功', card: { ...exampleCard(), title: '连续 4 天', buttons: [] } };
        const shown = await driver.taps(driver.people.anna, messageId, '打卡').finally(() => {
          answer = {};
        });
        if (options.lacks?.includes('toast') !== true) expect(shown.toast).toBe('打卡成功');
        const seen = await driver.seen({ person: driver.people.anna });
        // Where nothing that was sent can be changed, the new card comes as a message of its own.
        const card =
          options.lacks?.includes('update') === true
            ? seen.at(-1)
            : seen.find((one) => one.messageId === messageId);
        expect(card).toMatchObject({ buttons: [], words: expect.stringContaining('连续 4 天') });
      });

      unless('read-receipt')('hears that somebody has read a message', async () => {
        const messageId = await sent(toAnna({ kind: 'text', text: '请阅读' }));
        const { anna } = driver.people;
        const event = await eventOf('read', () => driver.reads(anna, messageId));
        expect(event).toMatchObject({ actor: anna, payload: { messageId } });
      });
    });
  });
}

/** As long as an action id may be. */
const LONG_ACTION_ID = `${'aZ09-_'.repeat(170)}aZ0-`;

function exampleCard(): SealedCard {
  return {
    title: '今日技巧',
    tone: 'notice',
    body: '按 **Ctrl+Alt+A** 即可 *截图*',
    facts: [{ label: '连续', value: '3 天' }],
    progress: { value: 0.5, label: '剩余 5 天' },
    inputs: [
      {
        name: 'choice',
        label: '哪一个？',
        kind: 'choice',
        options: ['a', 'b'].map((value) => ({ value, label: `选 ${value}` })),
      },
      { name: 'note', label: '心得', kind: 'text' },
    ],
    buttons: [
      { label: '打卡', tone: 'primary', actionId: 'action-one', word: '打卡' },
      { label: '换一招', tone: 'plain', actionId: LONG_ACTION_ID },
    ],
  };
}

/** Chinese words of exactly so many bytes. */
function fill(bytes: number): string {
  return '字'.repeat(Math.floor(bytes / 3)) + 'x'.repeat(bytes % 3);
}
