import { z } from 'zod';
import { beginsWithNumber } from '../../chat/argument.ts';
import { type Command, oneByOne, type Reply, type Turn } from '../../chat/command.ts';
import { card } from '../../chat/message.ts';
import { normalise } from '../../chat/words.ts';
import type { Db } from '../../kernel/db.ts';
import { attend, SCAN_DIGITS, takingAt } from './trainings.attend.ts';
import { startInWords } from './trainings.calendar.ts';
import { ATTEND, MATERIALS, RATE } from './trainings.cards.ts';
import type { TrainingDeps } from './trainings.deps.ts';
import { changeMaterial, materialsFor, ownItem } from './trainings.materials.ts';
import { rate } from './trainings.ratings.ts';
import { attendReply, privately, say } from './trainings.say.ts';
import { doerOf, standingOf, trainingByNo } from './trainings.store.ts';
import { text } from './trainings.text.ts';

type AttendDeps = Pick<TrainingDeps, 'secretKey' | 'zone'>;

/** Six digits from the wall or eight from a scan, with blanks or hyphens in between as people write them. */
function digitsIn(said: string): string | undefined {
  const digits = said.replace(/[\s\-–]/g, '');
  return /^\d+$/.test(digits) && (digits.length === 6 || digits.length === SCAN_DIGITS) ? digits : undefined;
}

/** 签到 482913. Without a code 签到 is the check-in of the day, and belongs to the check-ins. */
export function attendCommand(deps: AttendDeps): Command {
  return {
    name: ATTEND,
    permission: 'me.use',
    words: ['培训签到', '上课签到', 'attend'],
    wordsBeforeArgument: ['签到'],
    takesArgument: (argument) => /^\d[\d\s\-–]*$/.test(argument),
    help: { 'zh-CN': text['zh-CN'].helpAttend, en: text.en.helpAttend },
    answer: oneByOne(async (tx, turn) => {
      const digits = digitsIn(turn.argument);
      if (digits === undefined) return say(turn, text[turn.actor.locale].attend.how);
      return attendReply(turn, await attend(tx, deps, turn, digits));
    }),
  };
}

/** Whoever is in a class that takes attendance now may send the bare digits; undefined for everybody else. */
export function overhearCode(deps: AttendDeps) {
  return async (tx: Db, turn: Turn): Promise<Reply | undefined> => {
    const digits = digitsIn(turn.argument);
    if (digits === undefined) return undefined;
    for (const { id } of await takingAt(tx, turn.at)) {
      if ((await standingOf(tx, id, turn.actor.employeeId))?.state === 'in')
        return attendReply(turn, await attend(tx, deps, turn, digits));
    }
    return undefined;
  };
}

const scored = z.looseObject({ t: z.uuid(), s: z.int().min(1).max(5) });
/** `5`, `5 讲得好`, `12 5`, `12 5 讲得好`: a number before a score names the class. */
const spoken = /^(?:(\d{1,9})[\s,、号]+)?([1-5])(?:分)?(?:[\s,,。、:]+(.*))?$/su;
const LONGEST_COMMENT = 500;

/** 评课 5, and the buttons of the card after a class. */
export function rateCommand(): Command {
  return {
    name: RATE,
    permission: 'me.use',
    words: ['评课', '课程评分', '评价课程', 'rateclass', 'rate class'],
    takesArgument: beginsWithNumber,
    help: { 'zh-CN': text['zh-CN'].helpRate, en: text.en.helpRate },
    answer: oneByOne(async (tx, turn) => {
      const { locale, employeeId } = turn.actor;
      const t = text[locale].after;
      const data = scored.safeParse(turn.action?.data);
      const said = spoken.exec(turn.argument.trim());
      if (!data.success && said === null) return say(turn, t.rateHow);
      const [no, score, comment] = [said?.[1], said?.[2], said?.[3]];
      const named = data.success
        ? data.data.t
        : no === undefined
          ? undefined
          : ((await trainingByNo(tx, Number(no)))?.id ?? NOBODYS);
      const rated = await rate(tx, {
        trainingId: named,
        employeeId,
        score: data.success ? data.data.s : Number(score),
        comment: asTyped(turn, comment),
        at: turn.at,
      });
      if (rated.kind === 'nothing') return say(turn, t.nothingToRate);
      const value = data.success ? data.data.s : Number(score);
      return say(turn, rated.kind === 'rated-again' ? t.ratedAgain : t.rated(value));
    }),
  };
}
const NOBODYS = '00000000-0000-0000-0000-000000000000';

/** The words as they were typed, capitals included: what a command gets is in small letters. */
function asTyped({ event: { payload } }: Turn, comment: string | undefined): string | null {
  const words = comment?.trim() ?? '';
  if (words === '') return null;
  const whole = payload.kind === 'text' ? payload.text.normalize('NFKC').replace(/\s+/g, ' ').trim() : words;
  const tail = Array.from(whole).slice(-Array.from(words).length).join('');
  return (normalise(tail) === words ? tail : words).slice(0, LONGEST_COMMENT);
}

const ticked = z.looseObject({ m: z.int() });
const gapForm = /^(\d{1,9})\s*(?:缺|没有|缺少|missing|gap)[\s::,]*(.+)$/su;

/** 物料: what I prepare; 物料 7 ticks it off, 物料 7 缺 原因 says why it will be missing. */
export function materialsCommand(): Command {
  return {
    name: MATERIALS,
    permission: 'me.use',
    words: ['物料', '物料清单', '我的物料', 'materials'],
    takesArgument: beginsWithNumber,
    help: { 'zh-CN': text['zh-CN'].helpMaterials, en: text.en.helpMaterials },
    answer: oneByOne(async (tx, turn) => {
      const { actor, action, argument, at } = turn;
      const t = text[actor.locale].materials;
      const data = ticked.safeParse(action?.data);
      const gap = gapForm.exec(argument);
      const no = data.success
        ? data.data.m
        : Number(gap?.[1] ?? /^\d{1,9}$/.exec(argument)?.[0] ?? Number.NaN);
      if (Number.isNaN(no)) return listMine(tx, turn);
      const item = await ownItem(tx, actor.employeeId, no);
      if (item === undefined) return say(turn, t.unknown(no));
      if (item.doneAt !== null && gap === null) return say(turn, t.already(item.label));
      const reason = gap?.[2]?.trim().slice(0, 200);
      const change = reason === undefined ? { done: true } : { gapReason: reason };
      await changeMaterial(tx, item.trainingId, item.id, change, { at, by: doerOf(actor) });
      return say(turn, reason === undefined ? t.ticked(item.label) : t.gap(item.label));
    }),
  };
}

async function listMine(tx: Db, turn: Turn): Promise<Reply> {
  const { locale, employeeId } = turn.actor;
  const t = text[locale].materials;
  const open = await materialsFor(tx, employeeId, turn.at);
  if (open.length === 0) return say(turn, t.none);
  const lines = open.map(({ material, training }) =>
    t.line(material.no, material.label, training.title, startInWords(training, turn.actor)),
  );
  return privately(
    card({
      title: t.title,
      body: lines.join('\n').slice(0, 3_800),
      buttons: open.slice(0, 6).map(({ material: { no } }) => ({
        label: t.tick(no),
        tone: 'primary',
        action: { name: MATERIALS, data: { m: no } },
        word: `${text[locale].word.materials} ${no}`,
      })),
      footer: t.hint,
    }),
  );
}
