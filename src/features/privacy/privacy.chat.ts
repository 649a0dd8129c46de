import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import ExcelJS from 'exceljs';
import { type Command, oneByOne, type Reply, type Turn } from '../../chat/command.ts';
import { card, text as words } from '../../chat/message.ts';
import { askNext, stopAsking } from '../../chat/open-question.ts';
import { storable } from '../../chat/words.ts';
import type { Db } from '../../kernel/db.ts';
import { newId } from '../../kernel/ids.ts';
import { localDay } from '../../kernel/time.ts';
import { recordAudit } from '../audit/index.ts';
import { harmless } from '../reports/index.ts';
import { countOf, dataClasses, rowsOf } from './privacy.data.ts';
import { currentNotice, noticeCard } from './privacy.notice.ts';
import { dataRequests } from './privacy.tables.ts';
import { text } from './privacy.text.ts';

const MINE = 'privacy.mine';
const COPY = 'privacy.copy';
const CORRECT = 'privacy.correct';
const HEAR = 'privacy.hear';
const ANSWER_MINUTES = 30;
const MOST_WORDS = 500;
/** Where copies lie until they have been fetched; the nightly clean-up takes them away. */
export const COPIES = 'privacy';

const here = { kind: 'private' as const };
const say = (sentence: string): Reply => ({ messages: [words(sentence)], inPrivate: true });

/** 隐私 and 我的数据: what is known about a person, for that person alone. */
export function privacyCommands(deps: { fileRoot: string }): Command[] {
  const button = (name: string, answer: (tx: Db, turn: Turn) => Promise<Reply>): Command => ({
    name,
    permission: 'me.use',
    words: [],
    help: undefined,
    answer: oneByOne(answer),
  });
  return [
    {
      ...button('privacy.notice', showNotice),
      words: ['隐私', '个人信息', '隐私政策', 'privacy'],
      help: { 'zh-CN': text['zh-CN'].helpNotice, en: text.en.helpNotice },
    },
    {
      ...button(MINE, showMine),
      words: ['我的数据', 'my data'],
      help: { 'zh-CN': text['zh-CN'].helpMine, en: text.en.helpMine },
    },
    button(COPY, (tx, turn) => copy(tx, turn, deps)),
    button(CORRECT, askWhat),
    button(HEAR, hear),
  ];
}

async function showNotice(tx: Db, { actor: { locale } }: Turn): Promise<Reply> {
  const notice = await currentNotice(tx);
  return notice === undefined
    ? say(text[locale].none)
    : { messages: [card(noticeCard(notice, locale))], inPrivate: true };
}

async function showMine(tx: Db, { actor: { locale, employeeId } }: Turn): Promise<Reply> {
  const t = text[locale];
  const facts: { label: string; value: string }[] = [];
  for (const one of dataClasses) {
    facts.push({ label: t.classes[one], value: t.count(await countOf(tx, one, employeeId)) });
  }
  return {
    inPrivate: true,
    messages: [
      card({
        title: t.mineTitle,
        tone: 'plain',
        body: t.mineBody,
        facts,
        buttons: [
          { label: t.copy, tone: 'primary', action: { name: COPY } },
          { label: t.correct, action: { name: CORRECT } },
        ],
      }),
    ],
  };
}

async function copy(tx: Db, { actor, at }: Turn, { fileRoot }: { fileRoot: string }): Promise<Reply> {
  const t = text[actor.locale];
  const book = new ExcelJS.Workbook();
  for (const one of dataClasses) {
    const rows = await rowsOf(tx, one, actor.employeeId);
    const sheet = book.addWorksheet(t.classes[one]);
    sheet.addRow(Object.keys(rows[0] ?? {}));
    for (const row of rows) sheet.addRow(Object.values(row).map((value) => harmless(String(value ?? ''))));
  }
  await mkdir(join(fileRoot, COPIES), { recursive: true });
  const path = `${COPIES}/${newId()}.xlsx`;
  await book.xlsx.writeFile(join(fileRoot, path));
  const { size } = await stat(join(fileRoot, path));
  await recordAudit(tx, {
    at,
    actor: { kind: 'employee', id: actor.employeeId },
    action: 'privacy.copy',
    subject: `employee=${actor.number}`,
  });
  const name = t.fileName(localDay(at, actor.zone).toString());
  const mime = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
  return {
    inPrivate: true,
    messages: [{ kind: 'file', name, mime, path, bytes: size }, words(t.inPrivate)],
  };
}

async function askWhat(tx: Db, { actor: { employeeId, locale }, at }: Turn): Promise<Reply> {
  await askNext(
    tx,
    { employeeId, place: here, command: HEAR },
    { at, until: at.add({ minutes: ANSWER_MINUTES }) },
  );
  return say(text[locale].what);
}

async function hear(tx: Db, { actor: { employeeId, locale }, argument, at }: Turn): Promise<Reply> {
  const t = text[locale];
  const said = storable(argument).trim().slice(0, MOST_WORDS);
  await stopAsking(tx, { employeeId, place: here, command: HEAR });
  if (/^(算了|取消|不用了|never ?mind|cancel)[。.!！]?$/i.test(said)) return say(t.cancelled);
  await tx.insert(dataRequests).values({ id: newId(), employeeId, text: said, at });
  return say(t.asked);
}
