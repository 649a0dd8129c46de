import { asc, eq } from 'drizzle-orm';
import ExcelJS from 'exceljs';
import type { Locale } from '../../chat/locale.ts';
import type { Db } from '../../kernel/db.ts';
import { localDay } from '../../kernel/time.ts';
import { employees } from '../directory/directory.tables.ts';
import { departmentsOf } from '../directory/index.ts';
import { givenWords, rightWords } from '../questions/index.ts';
import { currentStandings } from './quizzes.settle.ts';
import { type Quiz, questionsOf, withdrawnIn } from './quizzes.store.ts';
import { quizAnswers } from './quizzes.tables.ts';
import { text } from './quizzes.text.ts';

/** A cell that a spreadsheet could take for a formula gets an apostrophe in front: what people typed stays words. */
const plain = (cell: string): string => (/^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell);

const headings = {
  'zh-CN': {
    answers: [
      '工号',
      '姓名',
      '部门',
      '第几次',
      '题号',
      '题目',
      '回答',
      '正确答案',
      '得分比例',
      '用时（秒）',
      '作答时间',
      '渠道',
      '已撤题',
    ],
    ranking: ['名次', '工号', '姓名', '部门', '得分', '答对', '作答', '题数', '用时（秒）'],
    sheets: ['成绩', '答案'],
    yes: '是',
  },
  en: {
    answers: [
      'Number',
      'Name',
      'Department',
      'Attempt',
      'Question no.',
      'Question',
      'Answer',
      'Right answer',
      'Share',
      'Seconds',
      'At',
      'Channel',
      'Withdrawn',
    ],
    ranking: ['Rank', 'Number', 'Name', 'Department', 'Score', 'Right', 'Answered', 'Asked', 'Seconds'],
    sheets: ['Results', 'Answers'],
    yes: 'yes',
  },
} as const;

/** Every answer of every person, and the ranking that follows from them. */
export async function answersWorkbook(
  tx: Db,
  quiz: Quiz,
  { zone, locale }: { zone: string; locale: Locale },
): Promise<{ bytes: Buffer; answers: number }> {
  const h = headings[locale];
  const t = text[locale];
  const asked = new Map(
    ((await questionsOf(tx, [quiz.id])).get(quiz.id) ?? []).map((one) => [one.position, one]),
  );
  const withdrawn = await withdrawnIn(tx, quiz.id);
  const standings = await currentStandings(tx, quiz);
  const rows = await tx
    .select({ answer: quizAnswers, number: employees.number, name: employees.name })
    .from(quizAnswers)
    .innerJoin(employees, eq(employees.id, quizAnswers.employeeId))
    .where(eq(quizAnswers.quizId, quiz.id))
    .orderBy(asc(employees.number), asc(quizAnswers.attempt), asc(quizAnswers.answeredAt));
  const people = new Map(rows.map(({ answer, number, name }) => [answer.employeeId, { number, name }]));
  const teams = await departmentsOf(tx, [...people.keys()], localDay(quiz.endsAt, zone));
  const teamOf = (id: string): string => teams.get(id)?.main?.name ?? '';
  const workbook = new ExcelJS.Workbook();
  workbook.creator = 'Cuhuo';
  const ranking = workbook.addWorksheet(h.sheets[0], { views: [{ state: 'frozen', ySplit: 1 }] });
  ranking.addRow([...h.ranking]).font = { bold: true };
  for (const one of standings) {
    const person = people.get(one.employeeId);
    if (person === undefined) continue;
    ranking.addRow([
      one.rank,
      plain(person.number),
      plain(person.name),
      plain(teamOf(one.employeeId)),
      one.score,
      one.right,
      one.answered,
      one.asked,
      one.takenMs / 1000,
    ]);
  }
  const sheet = workbook.addWorksheet(h.sheets[1], { views: [{ state: 'frozen', ySplit: 1 }] });
  sheet.addRow([...h.answers]).font = { bold: true };
  for (const { answer, number, name } of rows) {
    const content = asked.get(answer.position)?.content;
    const local = answer.answeredAt.toZonedDateTimeISO(zone).toPlainDateTime();
    sheet.addRow([
      plain(number),
      plain(name),
      plain(teamOf(answer.employeeId)),
      answer.attempt,
      answer.position + 1,
      plain(content?.text ?? ''),
      plain(content === undefined ? '' : givenWords(content, answer.given, t.truth)),
      plain(content === undefined ? '' : rightWords(content, t.truth)),
      answer.share,
      answer.takenMs / 1000,
      local.toString({ smallestUnit: 'second' }).replace('T', ' '),
      answer.channel,
      withdrawn.has(answer.position) ? h.yes : '',
    ]);
  }
  return { bytes: Buffer.from(await workbook.xlsx.writeBuffer()), answers: rows.length };
}
