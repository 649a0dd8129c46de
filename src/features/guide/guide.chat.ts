import { and, eq } from 'drizzle-orm';
import { type Command, oneByOne, type Reply, type Turn } from '../../chat/command.ts';
import type { ChatEvent } from '../../chat/event.ts';
import { localeOf } from '../../chat/locale.ts';
import { card, text as words } from '../../chat/message.ts';
import type { Db } from '../../kernel/db.ts';
import { nearest } from '../../kernel/nearest.ts';
import { deliveries, outboxMessages } from '../../outbox/outbox.tables.ts';
import { soundsAlike } from '../faq/index.ts';
import { text } from './guide.text.ts';

/** What the guide must be told about the rest: which commands somebody may use. */
export interface GuideDeps {
  commandsOf: (actor: Turn['actor']) => readonly Command[];
}

export interface FallbackDeps extends GuideDeps {
  /** Answers text that is no word of ours and does not look like a mistyped one. */
  answerQuestion: (tx: Db, turn: Turn) => Promise<Reply | undefined>;
  /** Somebody pressed a button of another person's card. */
  noteForeign: (tx: Db, turn: Turn) => Promise<void>;
  /** Letters and words that answer a question which the person has open; undefined for everything else. */
  typedAnswers: (tx: Db, turns: readonly Turn[]) => Promise<(Reply | undefined)[]>;
}

/** 帮助 */
export function helpCommand({ commandsOf }: GuideDeps): Command {
  return {
    name: 'guide.help',
    permission: 'me.use',
    words: ['帮助', '菜单', '怎么用', 'help', 'menu'],
    help: { 'zh-CN': text['zh-CN'].help, en: text.en.help },
    answer: oneByOne(async (_tx, { actor }) => {
      const t = text[actor.locale];
      const lines = commandsOf(actor).flatMap(({ help }) =>
        help === undefined ? [] : [`- ${help[actor.locale]}`],
      );
      const body = [t.helpIntro, '', ...lines, '', t.helpOutro].join('\n');
      return {
        messages: [
          card({ title: t.helpTitle, body, buttons: quickButtons(commandsOf(actor), actor.locale) }),
        ],
      };
    }),
  };
}

/** The buttons that most people need first. */
function quickButtons(commands: readonly Command[], locale: Turn['actor']['locale']) {
  const wanted = ['tips.today', 'checkins.record', 'rewards.ranking'];
  return commands
    .filter(({ name }) => wanted.includes(name))
    .map((command) => {
      const word = wordIn(command, locale);
      return { label: word, action: { name: command.name }, word };
    });
}

function wordIn(command: Command, locale: Turn['actor']['locale']): string {
  const latin = command.words.find((word) => /^[a-z]/i.test(word));
  return (locale === 'en' ? latin : undefined) ?? command.words[0] ?? command.name;
}

const plain = (name: string, answer: (tx: Db, turn: Turn) => Promise<Reply>): Command => ({
  name,
  permission: 'me.use',
  words: [],
  help: undefined,
  answer: oneByOne(answer),
});

/** What answers when no word and no button fits; each a useful reply. */
export function fallbacks(deps: FallbackDeps) {
  const toast = (name: string, sentence: 'forged' | 'notYours' | 'forbidden'): Command =>
    plain(name, async (_tx, { actor, event }) => {
      const said = text[actor.locale][sentence];
      return event.payload.kind === 'action' ? { toast: said } : { messages: [words(said)] };
    });
  return {
    unknown: {
      ...plain('guide.unknown', async () => ({})),
      async answer(tx: Db, turns: readonly Turn[]) {
        const typed = await deps.typedAnswers(tx, turns);
        const replies: Reply[] = [];
        for (const [place, turn] of turns.entries())
          replies.push(typed[place] ?? (await unknown(deps, tx, turn)));
        return replies;
      },
    },
    forged: toast('guide.forged', 'forged'),
    notYours: plain('guide.not-yours', async (tx, turn) => {
      await deps.noteForeign(tx, turn);
      return { toast: text[turn.actor.locale].notYours };
    }),
    forbidden: toast('guide.forbidden', 'forbidden'),
    entered: plain(WELCOME, welcome),
    file: plain('guide.file', async (_tx, { actor }) => ({ messages: [words(text[actor.locale].file)] })),
  };
}

const LONGEST_TEXT = 4_000;
const QUOTED = 20;
/** Longer texts are sentences, not mistyped words. */
const LONGEST_WORD = 6;
/** Emoji and punctuation alone ask nothing. */
const ASKS = /[\p{L}\p{N}]/u;

async function unknown({ commandsOf, answerQuestion }: FallbackDeps, tx: Db, turn: Turn): Promise<Reply> {
  const { actor, event, argument, place } = turn;
  const t = text[actor.locale];
  // What is said in a group without calling us is not for us, and nothing of it is kept.
  if (place.kind === 'group' && !place.mentioned) return {};
  if (event.payload.kind === 'text' && event.payload.text.length > LONGEST_TEXT)
    return { messages: [words(t.tooLong)] };
  if (quoted(argument) === '') return { messages: [words(t.unknownEmpty)] };
  const letters = Array.from(argument);
  const said = letters.length > QUOTED ? `${letters.slice(0, QUOTED).join('')}…` : argument;
  const commands = commandsOf(actor);
  const near = letters.length > LONGEST_WORD ? undefined : mistyped(argument, commands);
  const meant = near === undefined ? undefined : commands.find((command) => command.words.includes(near));
  if (near === undefined || meant === undefined) {
    const answered = ASKS.test(argument) ? await answerQuestion(tx, turn) : undefined;
    return answered ?? { messages: [words(t.unknown(quoted(said)))] };
  }
  return {
    messages: [
      card({
        title: near,
        body: t.near(quoted(said), near),
        buttons: [{ label: near, tone: 'primary', action: { name: meant.name }, word: near }],
      }),
    ],
  };
}

/**
 * The word that was most likely meant. With two characters, one of them wrong makes another word as often as a slip
 * (打印 is not 打卡), so that those must sound the same.
 */
function mistyped(said: string, commands: readonly Command[]): string | undefined {
  const known = commands.flatMap(({ words }) => words);
  if (Array.from(said).length <= 2) return known.find((word) => soundsAlike(said, word));
  return nearest(
    said,
    known.filter((word) => Array.from(word).length > 2),
  );
}

/** What somebody typed, harmless inside markdown. */
function quoted(said: string): string {
  return said.replace(/[*_`[\]()<>#|\\~!]/g, ' ').trim();
}

const WELCOME = 'guide.welcome';

/** Greets somebody who opens the chat for the first time; later openings are left in peace. */
async function welcome(tx: Db, { actor }: Turn): Promise<Reply> {
  const earlier = await tx
    .select({ id: deliveries.messageId })
    .from(deliveries)
    .innerJoin(outboxMessages, eq(outboxMessages.id, deliveries.messageId))
    .where(and(eq(deliveries.employeeId, actor.employeeId), eq(outboxMessages.purpose, WELCOME)))
    .limit(1);
  if (earlier.length > 0) return {};
  const t = text[actor.locale];
  return {
    messages: [
      card({
        title: t.welcomeTitle(actor.name),
        tone: 'warm',
        body: t.welcome,
        buttons: [
          {
            label: t.tipWord,
            tone: 'primary',
            action: { name: 'tips.today' },
            word: t.tipWord,
          },
          { label: t.helpWord, action: { name: 'guide.help' }, word: t.helpWord },
        ],
      }),
    ],
  };
}

/** What to say to somebody whom the directory does not know; nothing unless they spoke to us. */
export function stranger(event: ChatEvent): Reply {
  const spoke = event.payload.kind === 'text' || event.payload.kind === 'action';
  if (!spoke) return {};
  const sentence = text[localeOf('zh-CN')].stranger;
  return event.payload.kind === 'action' ? { toast: sentence } : { messages: [words(sentence)] };
}
