import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packagePath } from '../src/kernel/package-path.ts';
import { openBrowser } from '../test/support/browser.ts';
import { bars, caption, cell, type Drawing, icon, picture, pie, sheet, window } from './question-drawing.ts';

/*
 * Draws the pictures of the shipped questions, all of them our own, and prints under which name each is kept: the
 * name follows from the bytes, and `picture:` of a question says it. `npm run question-pictures`.
 */

const OUT = packagePath('config/content/office-suite/quizzes/pictures');

const drawings: Record<string, Drawing> = {
  'freeze-panes': picture([
    sheet({ columns: 6, rows: 7, selected: 'C3' }),
    cell('A1', '部门'),
    cell('B1', '姓名'),
    cell('C1', '1 月'),
    cell('D1', '2 月'),
    cell('E1', '3 月'),
    cell('C2', '工时'),
    cell('D2', '工时'),
    cell('E2', '工时'),
    cell('A3', '市场部'),
    cell('B3', '林小雨'),
    cell('C3', '168'),
  ]),
  'fill-handle': picture([
    sheet({ columns: 6, rows: 7, selected: 'C2', handle: true }),
    cell('A1', '单价'),
    cell('B1', '数量'),
    cell('C1', '金额'),
    ...[12, 8, 30, 5].flatMap((price, n) => [cell(`A${n + 2}`, `${price}`), cell(`B${n + 2}`, `${n + 3}`)]),
    cell('C2', '36'),
    caption('①', 'C', 2),
  ]),
  hashes: picture([
    sheet({ columns: 6, rows: 7, selected: 'B2' }),
    cell('A1', '项目'),
    cell('B1', '合计'),
    cell('A2', '年会'),
    cell('B2', '#######'),
    cell('A3', '培训'),
    cell('B3', '#######'),
  ]),
  'dollar-signs': picture([
    sheet({ columns: 6, rows: 7, selected: 'C2', formula: '=B2*$E$1' }),
    cell('A1', '商品'),
    cell('B1', '单价'),
    cell('C1', '税额'),
    cell('D1', '税率'),
    cell('E1', '6%'),
    cell('A2', '键盘'),
    cell('B2', '150'),
    cell('C2', '9'),
    cell('A3', '鼠标'),
    cell('B3', '80'),
  ]),
  'status-bar': picture([
    sheet({
      columns: 6,
      rows: 7,
      selected: 'B2',
      range: 'B2:B5',
      status: '平均值：9　　计数：4　　求和：■',
    }),
    cell('A1', '小组'),
    cell('B1', '打卡'),
    ...[12, 6, 8, 10].flatMap((n, row) => [
      cell(`A${row + 2}`, `第 ${row + 1} 组`),
      cell(`B${row + 2}`, `${n}`),
    ]),
  ]),
  'hidden-rows': picture([
    sheet({ columns: 6, rows: 6, selected: 'A1', rowNames: ['1', '3', '7', '8', '15', '16'], funnel: 'B1' }),
    cell('A1', '姓名'),
    cell('B1', '部门'),
    cell('A2', '陈晨'),
    cell('B2', '财务部'),
    cell('A3', '高远'),
    cell('B3', '财务部'),
    cell('A4', '苏青'),
    cell('B4', '财务部'),
    cell('A5', '罗一'),
    cell('B5', '财务部'),
    cell('A6', '唐果'),
    cell('B6', '财务部'),
  ]),
  'navigation-pane': picture([
    window({
      pane: ['一、概述', '　1.1 背景', '　1.2 目标', '二、方案', '　2.1 步骤', '三、预算'],
      heading: '2.1 步骤',
      mark: '①',
    }),
  ]),
  'format-painter': picture([icon.ribbon('①')]),
  'pie-of-twelve': picture([pie([14, 13, 12, 11, 9, 8, 8, 7, 6, 5, 4, 3])]),
  'cut-axis': picture([bars({ from: 95, to: 100, values: [96, 98], names: ['甲', '乙'] })]),
};

await mkdir(OUT, { recursive: true });
const browser = await openBrowser();
try {
  const page = await browser.newPage({ viewport: { width: 640, height: 360 } });
  for (const [name, svg] of Object.entries(drawings)) {
    await page.setContent(`<body style="margin:0">${svg}</body>`);
    const bytes = await page.screenshot({ type: 'png' });
    const kept = `${createHash('sha256').update(bytes).digest('hex').slice(0, 32)}.png`;
    await writeFile(join(OUT, kept), bytes);
    process.stdout.write(`${name} ${kept} ${bytes.length}\n`);
  }
} finally {
  await browser.close();
}
