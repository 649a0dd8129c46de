import { type Column, harmless } from '../reports/index.ts';
import type { ExportedRow } from './periods.exported.ts';

const text = (heading: string, width: number, of: (row: ExportedRow) => string): Column<ExportedRow> => ({
  heading,
  kind: 'text',
  width,
  of: (row) => harmless(of(row)),
});
const count = (heading: string, of: (row: ExportedRow) => number | null): Column<ExportedRow> => ({
  heading,
  kind: 'count',
  width: Math.max(8, heading.length * 2 + 2),
  of,
});
/** Two places that are in the number itself, because a format would round them away. */
const number = (heading: string, of: (row: ExportedRow) => number | null): Column<ExportedRow> => ({
  heading,
  kind: 'number',
  width: Math.max(8, heading.length * 2 + 2),
  of,
});

/** The files are in Chinese for everybody: the systems of HR read columns by these names. */
export const resultColumns: readonly Column<ExportedRow>[] = [
  text('工号', 22, ({ row }) => row.number),
  text('姓名', 14, ({ row }) => row.name),
  text('部门编码', 14, ({ row }) => row.departmentCode ?? ''),
  text('部门', 22, ({ row }) => row.department ?? ''),
  text('活动', 26, ({ period }) => period.campaign),
  text('周期', 24, ({ period }) => `${period.from} 至 ${period.to}`),
  count('应打卡天数', ({ row }) => row.due),
  count('计入天数', ({ row }) => row.counted),
  count('期末连续', ({ row }) => row.current),
  count('最长连续', ({ row }) => row.best),
  count('免打卡', ({ row }) => row.excused),
  count('补卡', ({ row }) => row.madeUp),
  count('补学', ({ row }) => row.earnedBack),
  count('申诉改正', ({ row }) => row.appealed),
  count('冻结', ({ row }) => row.frozen),
  count('证据：点按', ({ row }) => row.grades.tap),
  count('证据：自述', ({ row }) => row.grades.declared),
  count('证据：阅读', ({ row }) => row.grades.read),
  count('证据：答题', ({ row }) => row.grades.question),
  count('证据：使用', ({ row }) => row.grades.usage),
  count('需要天数', ({ row }) => row.needed),
  number('达成率%', ({ row }) => row.reached),
  text('个人档位', 12, ({ row }) => row.band),
  number('部门达成率%', ({ row }) => row.teamReached),
  text('部门档位', 12, ({ row }) => row.teamBand),
  number('得分', ({ row }) => row.score),
  count('规则版本', ({ period }) => period.rule),
  text('日历版本', 38, ({ period }) => period.calendar),
  text('状态', 10, ({ period }) => (period.receipt === null ? '预览，未关账' : '已关账')),
  text('回执', 20, ({ receipt }) => receipt),
];

/** What a supplement adds: how it stood before. */
export const supplementColumns: readonly Column<ExportedRow>[] = [
  ...resultColumns,
  count('原计入天数', ({ before }) => before?.counted ?? null),
  text('原个人档位', 12, ({ before }) => before?.band ?? ''),
  number('原得分', ({ before }) => before?.score ?? null),
];

export const aboutColumns: readonly Column<readonly [string, string]>[] = [
  { heading: '项目', kind: 'text', width: 22, of: ([label]) => label },
  { heading: '内容', kind: 'text', width: 80, of: ([, value]) => harmless(value) },
];
